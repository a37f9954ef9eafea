import Glibc
import TestSupport
import Testing

@testable import Core

@Suite struct AtomicFileTests {
  private let folder = TemporaryFolder()

  private func contents(_ name: String) throws -> [UInt8] {
    try FileBytes.read(folder.path(name), maxBytes: 1 << 20)
  }

  private func permissions(_ name: String) -> mode_t {
    var status = stat()
    return stat(folder.path(name), &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test func aNewFileAppearsAlone() throws {
    try AtomicFile.write([1, 2, 3], to: folder.path("a"), isDurable: true)
    #expect(try contents("a") == [1, 2, 3])
    #expect(folder.names == ["a"])
    // As of any new file: what the mask of the process leaves of reading and writing for all.
    let plain = open(folder.path("plain"), O_CREAT | O_WRONLY, 0o666)
    close(plain)
    #expect(permissions("a") == permissions("plain"))
  }

  @Test func anOldFileIsReplacedAndKeepsItsPermissions() throws {
    try AtomicFile.write([1], to: folder.path("a"))
    chmod(folder.path("a"), 0o640)
    try AtomicFile.write("text".utf8, to: folder.path("a"))
    #expect(try contents("a") == Array("text".utf8))
    #expect(permissions("a") == 0o640)
  }

  @Test func anyCollectionAndAnyPiecesAreWritten() throws {
    try AtomicFile.write((0..<9).lazy.map { UInt8($0) }, to: folder.path("lazy"))
    #expect(try contents("lazy") == Array(0..<9))
    let (header, payload): ([UInt8], [UInt8]) = ([1, 2], [3])
    try header.withUnsafeBytes { header in
      try payload.withUnsafeBytes { payload in
        try AtomicFile.write([header, payload], to: folder.path("pieces"))
      }
    }
    #expect(try contents("pieces") == [1, 2, 3])
    try AtomicFile.write([UInt8](), to: folder.path("empty"))
    #expect(try contents("empty") == [])
  }

  @Test func aLinkIsFollowed() throws {
    try AtomicFile.write([1], to: folder.path("real"))
    symlink("real", folder.path("link"))
    try AtomicFile.write([2], to: folder.path("link"))
    #expect(try contents("real") == [2])
    #expect(folder.names == ["link", "real"])
  }

  /// A link to what is not there yet is followed as well, over other links and folders.
  @Test func aDanglingLinkIsFollowed() throws {
    mkdir(folder.path("below"), 0o777)
    symlink("below/second", folder.path("first"))
    symlink("real", folder.path("below/second"))
    try AtomicFile.write([3], to: folder.path("first"))
    #expect(try contents("below/real") == [3])
    #expect(folder.names == ["below", "first"])
  }

  @Test func foldersPipesAndDevicesAreNotReplaced() throws {
    #expect(throws: FileFailure.notAFile(path: folder.path(), kind: "a folder")) {
      try AtomicFile.write([1], to: folder.path())
    }
    try #require(mkfifo(folder.path("pipe"), 0o600) == 0)
    #expect(throws: FileFailure.notAFile(path: folder.path("pipe"), kind: "a pipe")) {
      try AtomicFile.write([1], to: folder.path("pipe"))
    }
    #expect(throws: FileFailure.notAFile(path: "/dev/null", kind: "a device")) {
      try AtomicFile.write([1], to: "/dev/null")
    }
    #expect(folder.names == ["pipe"])
  }

  @Test func aMissingFolderIsAnError() {
    let path = folder.path("none/a")
    #expect(
      throws: FileFailure.unwritable(path: path, reason: "No such file or directory")
    ) { try AtomicFile.write([1], to: path) }
  }

  @Test func aFullDiskLeavesTheOldFileAndNoDraft() async throws {
    // The limit on file sizes stands in for the full disk; it holds for a whole process.
    await #expect(processExitsWith: .success) {
      let folder = TemporaryFolder()
      let path = folder.path("a")
      try AtomicFile.write([7], to: path)
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 10_000, rlim_max: 10_000)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let failure = #expect(throws: FileFailure.self) {
        try AtomicFile.write([UInt8](repeating: 1, count: 20_000), to: path)
      }
      let isExpected =
        failure == .unwritable(path: path, reason: "File too large") && folder.names == ["a"]
      let old = try FileBytes.read(path, maxBytes: 10)
      exit(isExpected && old == [7] ? 0 : 1)
    }
  }
}
