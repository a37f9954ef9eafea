import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Folder")
struct FolderTests {
  private let folder = TemporaryFolder()

  /// A loop of links must not keep the walk from ending, nor show a file twice.
  @Test func linksToFoldersAreNotFollowed() throws {
    try Folder.create(folder.path("a/b"))
    try AtomicFile.write([], to: folder.path("a/b/x.png"))
    let files = FileManager.default
    try files.createSymbolicLink(atPath: folder.path("a/loop"), withDestinationPath: "..")
    try files.createSymbolicLink(atPath: folder.path("a/loop.png"), withDestinationPath: "b")
    try files.createSymbolicLink(atPath: folder.path("file.png"), withDestinationPath: "a/b/x.png")
    try files.createSymbolicLink(atPath: folder.path("dead.png"), withDestinationPath: "none")
    let found = try Folder.files(below: folder.path()) { $0.hasSuffix(".png") }
    #expect(found == ["a/b/x.png", "dead.png", "file.png"])
  }

  @Test func foldersNamedAsPicturesAreSearched() throws {
    try Folder.create(folder.path("d.png/.hidden"))
    try AtomicFile.write([], to: folder.path("d.png/x.png"))
    try AtomicFile.write([], to: folder.path("d.png/.hidden/y.png"))
    #expect(try Folder.files(below: folder.path()) { $0.hasSuffix(".png") } == ["d.png/x.png"])
  }

  @Test func makesMissingFoldersAndSaysWhatIsInTheWay() throws {
    try Folder.create(folder.path("x/y/z/"))
    try Folder.create(folder.path("x/y/z"))
    #expect(Folder.exists(folder.path("x/y/z")))
    try AtomicFile.write([1], to: folder.path("file"))
    for path in ["file", "file/below"] {
      #expect(
        throws: FileFailure.unwritable(path: folder.path("file"), reason: "a file has this name")
      ) { try Folder.create(folder.path(path)) }
    }
  }
}
