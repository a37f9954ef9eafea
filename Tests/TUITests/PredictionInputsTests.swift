import Core
import Foundation
import TestSupport
import Testing

@testable import TUI

@Suite("Prediction inputs")
struct PredictionInputsTests {
  private let folder = TemporaryFolder()

  private func make(_ files: String...) throws {
    for file in files {
      try Folder.create(folder.path(file).parentFolder)
      try AtomicFile.write([], to: folder.path(file))
    }
  }

  private func stems(_ inputs: String..., output: String = "out") throws -> [String] {
    try PredictionInputs(inputs.map(folder.path), output: folder.path(output)).items.map(\.stem)
  }

  @Test func subFoldersAreMirrored() throws {
    try make("in/b.png", "in/a/c.JPG", "in/a/deep/d.x.jpeg", "in/text.txt", "in/.git/e.png")
    let items = try PredictionInputs([folder.path("in/")], output: folder.path("out")).items
    #expect(items.map(\.stem) == ["a/c", "a/deep/d.x", "b"])
    #expect(items[2].image == folder.path("in/b.png"))
  }

  /// A file that was named is taken whatever it is called, and goes to the top of the output.
  @Test func namedFilesKeepTheirNames() throws {
    try make("in/a/x.png")
    #expect(try stems("in/a/x.png", "nowhere/y", "z.jpg") == ["x", "y", "z"])
  }

  @Test func theOutputFolderIsNotSearched() throws {
    try make("in/a.png", "in/out/a.overlay.png", "in/output/b.png")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: "in")
    #expect(try stems("in", output: "in/out") == ["a", "output/b"])
    #expect(try stems("in", output: "in/../link/out/") == ["a", "output/b"])
    #expect(try stems("link", output: "in/new/deep") == ["a", "out/a.overlay", "output/b"])
    let failure = #expect(throws: CommandFailure.self) { try stems("in", output: "in") }
    #expect(failure?.status == .usage)
    #expect(failure?.message.contains("output folder") == true)
  }

  @Test func resultsMustNotMeet() throws {
    try make("in/a.png", "in/a.jpg", "other/b.png", "third/b.jpeg")
    let failure = #expect(throws: CommandFailure.self) { try stems("in") }
    #expect(failure?.status == .usage)
    #expect(failure?.message.contains("a.jpg") == true)
    #expect(throws: CommandFailure.self) { try stems("other", "third/b.jpeg") }
    #expect(throws: CommandFailure.self) { try stems("other", "other") }
  }

  @Test func foldersWithoutPicturesAreNamed() throws {
    try make("in/readme.txt")
    let failure = #expect(throws: CommandFailure.self) { try stems("in") }
    #expect(failure?.status == .usage)
    #expect(failure?.message.contains(folder.path("in")) == true)
  }
}
