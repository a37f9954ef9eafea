import Glibc
import TestSupport
import Testing

@testable import Core

@Suite struct FileBytesTests {
  private let folder = TemporaryFolder()

  @Test(arguments: [0, 1, 65_535, 65_536, 200_000])
  func aFileIsReadWhole(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try AtomicFile.write(bytes, to: folder.path("a"))
    #expect(try FileBytes.read(folder.path("a"), maxBytes: count) == bytes)
  }

  @Test func moreThanAllowedIsRefused() throws {
    let path = folder.path("a")
    try AtomicFile.write([1, 2, 3], to: path)
    #expect(throws: FileFailure.tooLarge(path: path, limit: 2)) {
      try FileBytes.read(path, maxBytes: 2)
    }
  }

  @Test func aFileWithoutAReportedSizeIsReadToItsEnd() throws {
    let bytes = try FileBytes.read("/proc/self/cmdline", maxBytes: 1 << 20)
    #expect(!bytes.isEmpty)
    #expect(throws: FileFailure.self) { try FileBytes.read("/proc/self/cmdline", maxBytes: 1) }
  }

  @Test func whatIsNoFileIsNamedWithoutWaiting() throws {
    let path = folder.path("none")
    #expect(throws: FileFailure.missing(path: path)) {
      try FileBytes.read(path, maxBytes: 10)
    }
    #expect(throws: FileFailure.notAFile(path: folder.path(), kind: "a folder")) {
      try FileBytes.read(folder.path(), maxBytes: 10)
    }
    let pipe = folder.path("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    #expect(throws: FileFailure.notAFile(path: pipe, kind: "a pipe")) {
      try FileBytes.read(pipe, maxBytes: 10)
    }
    #expect(throws: FileFailure.notAFile(path: "/dev/zero", kind: "a device")) {
      try FileBytes.read("/dev/zero", maxBytes: 10)
    }
  }
}
