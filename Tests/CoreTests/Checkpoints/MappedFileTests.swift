import Foundation
import Testing

@testable import Core

@Suite final class MappedFileTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  @Test(arguments: [1, 4095, 4096, 4097, 100_000])
  func bytesAreThoseOfTheFile(count: Int) throws {
    let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try Data(content).write(to: URL(filePath: path("file")))
    let file = try MappedFile(path: path("file"))
    #expect(file.path == path("file"))
    #expect(file.count == count)
    #expect(file.withBytes { $0.elementsEqual(content) })
  }

  @Test func emptyFileIsEmpty() throws {
    try Data().write(to: URL(filePath: path("empty")))
    let file = try MappedFile(path: path("empty"))
    #expect(file.count == 0)
    #expect(file.withBytes { $0.isEmpty })
  }

  @Test func mappingOutlivesTheName() throws {
    try Data([1, 2, 3]).write(to: URL(filePath: path("file")))
    let file = try MappedFile(path: path("file"))
    try FileManager.default.removeItem(atPath: path("file"))
    #expect(file.withBytes { Array($0) } == [1, 2, 3])
  }

  @Test func linksAreFollowed() throws {
    try Data([9]).write(to: URL(filePath: path("file")))
    try FileManager.default.createSymbolicLink(
      atPath: path("link"), withDestinationPath: path("file"))
    #expect(try MappedFile(path: path("link")).withBytes { Array($0) } == [9])
  }

  @Test func missing() throws {
    try Data([9]).write(to: URL(filePath: path("file")))
    for path in ["", path("none"), path("file/inside"), path("none/inside"), path("file\0x")] {
      #expect(throws: MappedFileFailure.missing(path: path)) { try MappedFile(path: path) }
    }
  }

  @Test func directory() {
    #expect(throws: MappedFileFailure.directory(path: folder.path)) {
      try MappedFile(path: folder.path)
    }
  }

  @Test func pipeIsRefusedWithoutWaiting() {
    #expect(mkfifo(path("pipe"), 0o600) == 0)
    #expect(throws: MappedFileFailure.notRegular(path: path("pipe"))) {
      try MappedFile(path: path("pipe"))
    }
  }

  @Test func deviceIsRefused() {
    #expect(throws: MappedFileFailure.notRegular(path: "/dev/null")) {
      try MappedFile(path: "/dev/null")
    }
  }

  @Test func circularLinkIsRefused() throws {
    try FileManager.default.createSymbolicLink(
      atPath: path("loop"), withDestinationPath: path("loop"))
    let failure = #expect(throws: MappedFileFailure.self) { try MappedFile(path: path("loop")) }
    #expect(failure?.description.hasPrefix("\(path("loop")): cannot be read (") == true)
  }
}
