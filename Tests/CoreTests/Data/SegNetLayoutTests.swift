import Foundation
import TestSupport
import Testing

@testable import Core

/// Images in `SPLIT`, labels in `SPLITannot`, perhaps a list `SPLIT.txt`, as SegNet's CamVid has it.
@Suite("SegNet's layout")
struct SegNetLayoutTests {
  private let folder = TemporaryFolder()

  /// Makes empty files; which pairs there are does not depend on their contents.
  private func make(_ files: String...) throws {
    for file in files {
      try Folder.create(folder.path(file).parentFolder)
      try AtomicFile.write([], to: folder.path(file))
    }
  }

  private func list(_ text: String, split: String = "val") throws {
    try AtomicFile.write(Array(text.utf8), to: folder.path("\(split).txt"))
  }

  private func names(_ split: String = "val") throws -> [String] {
    try DataSet(path: folder.path(), DataSetRequest(split: split)).samples.map(\.name)
  }

  @Test func pairsShareAPathWithoutExtension() throws {
    try make(
      "val/b.jpg", "val/a.png", "val/seq/c.JPEG", "val/notes.txt", "val/.hidden.png",
      "valannot/a.png", "valannot/b.png", "valannot/seq/c.PNG", "valannot/unused.png")
    let pairs = try DataSet(path: folder.path(), DataSetRequest(split: "val")).samples
    #expect(pairs.map(\.name) == ["a", "b", "seq/c"])
    #expect(pairs[2].image.path == folder.path("val/seq/c.JPEG"))
    #expect(pairs[2].label?.path == folder.path("valannot/seq/c.PNG"))
  }

  /// SegNet's lists: paths of another machine, image and label on a line, in their own order.
  @Test func listsPickAndOrder() throws {
    try make(
      "val/a.png", "val/b.png", "val/c.png", "valannot/a.png", "valannot/b.png", "valannot/c.png")
    try list("/SegNet/CamVid/val/c.png /SegNet/CamVid/valannot/c.png\r\n\r\n  a\t\n")
    #expect(try names() == ["c", "a"])
  }

  @Test func listedSubFoldersAreTold() throws {
    try make("val/x/1.png", "val/y/1.png", "val/y/2.png")
    try make("valannot/x/1.png", "valannot/y/1.png", "valannot/y/2.png")
    try list("/old/val/y/1.png\n2.png\nval/x/1.jpg\n")
    #expect(try names() == ["y/1", "y/2", "x/1"])
    try list("1.png\n")
    #expect(
      throws: DataSetFailure.ambiguousEntry(
        list: folder.path("val.txt"), entry: "1.png", images: ["x/1", "y/1"])
    ) { try names() }
  }

  @Test func listedNamesMayHoldBlanksAndPoints() throws {
    try make("val/a b.png", "val/0.5.jpg", "valannot/a b.png", "valannot/0.5.png")
    try list("a b.png\n0.5\n")
    #expect(try names() == ["a b", "0.5"])
  }

  @Test func listedFilesMustExist() throws {
    try make("val/a.png", "valannot/a.png")
    try list("a.png\nb.png\nc.png\n")
    let failure = DataSetFailure.missingFiles(
      list: folder.path("val.txt"), entries: ["b.png", "c.png"])
    #expect(throws: failure) { try names() }
    #expect(failure.description.contains("b.png, c.png"))
    try list(" \n\n")
    #expect(throws: DataSetFailure.emptyList(list: folder.path("val.txt"))) { try names() }
  }

  @Test func everyImageNeedsALabel() throws {
    try make("val/a.png", "val/b.png", "val/c.png", "valannot/b.png")
    let failure = DataSetFailure.missingLabels(
      folder: folder.path("valannot"), images: ["a", "c"])
    #expect(throws: failure) { try names() }
    #expect(failure.description.contains("a, c"))
    // An image that the list leaves out needs none.
    try list("b\n")
    #expect(try names() == ["b"])
  }

  @Test func ambiguousStemsAreRefused() throws {
    try make("val/a.png", "val/a.jpg", "valannot/a.png")
    #expect(throws: DataSetFailure.ambiguous(folder: folder.path("val"), stem: "a")) {
      try names()
    }
  }

  @Test func missingSplitsNameThoseThatExist() throws {
    try make("train/a.png", "trainannot/a.png", "test/a.png", "other/a.png")
    try make("val/b.png", "valannot/b.png")
    let error = #expect(throws: DataSetFailure.self) { try names("test") }
    guard case .noSplit("test", let expected, let available) = error else {
      Issue.record("unexpected \(String(describing: error))")
      return
    }
    #expect(available == ["train", "val"])
    #expect(expected.contains("testannot"))
    #expect(error?.description.contains("train, val") == true)
  }

  @Test func foldersThatAreNone() throws {
    #expect(throws: DataSetFailure.notAFolder(path: folder.path("none"))) {
      try DataSet(path: folder.path("none"), DataSetRequest(split: "val"))
    }
    try Folder.create(folder.path("val"))
    try Folder.create(folder.path("valannot"))
    #expect(throws: DataSetFailure.noImages(folder: folder.path("val"))) { try names() }
  }
}
