import TestSupport
import Testing

@testable import Core

/// Data sets that are no folders, and files that name classes.
@Suite("Sources of data sets")
struct DataSetSourceTests {
  private let folder = TemporaryFolder()

  private func png(_ values: UInt16...) throws -> [UInt8] {
    try PNG.encode(LabelMap(width: values.count, height: 1, values: values))
  }

  private func write(_ file: String, _ bytes: [UInt8]) throws {
    try Folder.create(folder.path(file).parentFolder)
    try AtomicFile.write(bytes, to: folder.path(file))
  }

  @Test func archivesAreReadInPlace() throws {
    var tar = TarWriter()
    let picture = try PNG.encode(Picture(width: 2, height: 1, filled: RGB(1, 2, 3)))
    tar.add("./camvid/val/0016E5_07959.png", picture)
    tar.add("./camvid/val/._0016E5_07959.png", [0])
    tar.add("./camvid/valannot/0016E5_07959.png", try png(3, 11))
    tar.add("./camvid/val.txt", Array("/SegNet/CamVid/val/0016E5_07959.png x\n".utf8))
    try write("set.tar", tar.finished)
    let set = try DataSet(path: folder.path("set.tar"))
    #expect(set.kind.name == "camvid" && set.samples.map(\.name) == ["0016E5_07959"])
    #expect(try set.samples[0].readPicture()[1, 0] == RGB(1, 2, 3))
    #expect(try set.samples[0].readLabels()?.values == [3, 11])
    #expect(set.samples[0].image.path == folder.path("set.tar/camvid/val/0016E5_07959.png"))
    #expect(set.samples[0].image.byteCount == picture.count)
    #expect(folder.names == ["set.tar"], "nothing is unpacked")

    // The same files in folders are the same data.
    try write("plain/camvid/val/0016E5_07959.png", picture)
    try write("plain/camvid/valannot/0016E5_07959.png", try png(3, 11))
    #expect(try DataSet(path: folder.path("plain")).fingerprint == set.fingerprint)
  }

  @Test func filesThatAreNoArchive() throws {
    try write("set.tar.gz", [0x1F, 0x8B, 8])
    let error = #expect(throws: DataSetFailure.self) {
      try DataSet(path: folder.path("set.tar.gz"))
    }
    #expect(error?.description.contains("gunzip") == true)
  }

  @Test func listsOfFiles() throws {
    for name in ["x/a.png", "x/y/b c.png"] { try write(name, try png(0)) }
    try write("t/a.png", try png(0, 1))
    try write("t/b c.png", try png(2))
    let list = try PairList(
      "\(folder.path("x/a.png")) \(folder.path("t/a.png"))\r\n\n"
        + "\(folder.path("x/y/b c.png"))\t\(folder.path("t/b c.png"))\n")
    let set = try DataSet(list, DataSetRequest(kind: "ade20k"))
    #expect(set.samples.map(\.name) == ["a", "y/b c"])
    #expect(try set.samples.map { try $0.readLabels()?.values } == [[255, 0], [1]])
  }

  @Test func listsThatCannotBeUsed() throws {
    try write("a.png", try png(0))
    #expect(throws: DataSetFailure.emptyList(list: "the list")) { try PairList(" \n\t\n") }
    #expect(throws: DataSetFailure.missingFiles(list: "the list", entries: ["none.png"])) {
      try PairList("\(folder.path("a.png")) none.png")
    }
    let images = try PairList(folder.path("a.png"))
    #expect(throws: DataSetFailure.unpairedList(images: ["a"])) { try DataSet(images) }
    #expect(try DataSet(images, DataSetRequest(needsLabels: false)).samples[0].label == nil)
    #expect(throws: DataSetFailure.ambiguous(folder: "the list", stem: "a")) {
      try PairList("\(folder.path("a.png"))\n\(folder.path("a.png"))")
    }
  }

  /// CamVid's label_colors.txt, where the void class stands first: the others move down.
  @Test func coloursNameClasses() throws {
    try write("images/a.png", [])
    try write(
      "label_colors.txt", Array("0 0 0\t\tVoid\n64 128 64 \tAnimal\n192 0 128 Arch way\n".utf8))
    var mask = Picture(width: 4, height: 1, filled: RGB(0, 0, 0))
    (mask[1, 0], mask[2, 0], mask[3, 0]) = (RGB(192, 0, 128), RGB(64, 128, 64), RGB(9, 9, 9))
    try write("labels/a.png", try PNG.encode(mask))
    let set = try DataSet(path: folder.path())
    #expect(set.classes?.names == ["Animal", "Arch way"])
    #expect(set.classes?.palette == [RGB(64, 128, 64), RGB(192, 0, 128)])
    #expect(try set.samples[0].readLabels()?.values == [255, 1, 0, LabelColours.unknown])
    // Labels that number the lines mean the same.
    try write("labels/a.png", try png(0, 2, 1, 3))
    #expect(try set.samples[0].readLabels()?.values == [255, 1, 0, 3])
  }

  /// Masks in the colours of a known set, its void being black or VOC's border.
  @Test func coloursOfKnownSets() throws {
    var mask = Picture(width: 4, height: 1, filled: RGB(0, 0, 0))
    (mask[1, 0], mask[2, 0], mask[3, 0]) = (RGB(128, 64, 128), RGB(224, 224, 192), RGB(9, 9, 9))
    try write("val/0016E5_07959.png", [])
    try write("valannot/0016E5_07959.png", try PNG.encode(mask))
    let labels = try DataSet(path: folder.path()).samples[0].readLabels()
    #expect(labels?.values == [11, 3, 11, LabelColours.unknown])
    let reduced = LabelEncoding.Changes(reduceZeroLabel: true)
    #expect(throws: ImageFailure.self) {
      try DataSet(path: folder.path(), DataSetRequest(encoding: reduced)).samples[0].readLabels()
    }
  }

  @Test(arguments: [
    ("classes.txt", "# names\nroad\r\ntraffic light\n\n", ["road", "traffic light"]),
    (
      "labelmap.txt", "# label:color_rgb:parts:actions\nbackground:0,0,0::\ncar:4,5,6::\n",
      ["background", "car"]
    ),
    ("label_colors.txt", "road 1 2 3\nlane 2 4,5,6\n", ["road", "lane 2"]),
  ])
  func filesOfClasses(file: String, text: String, names: [String]) throws {
    let classes = try ClassFile(text, path: file)
    #expect(classes.classes.names == names && classes.mapping == nil)
    #expect((classes.colours == nil) == (file == "classes.txt"))
  }

  @Test func filesWithoutClasses() {
    #expect(throws: DataSetFailure.badClasses(path: "classes.txt", found: 1)) {
      try ClassFile("void\n", path: "classes.txt")
    }
  }

  /// A folder that names its classes is no known set, whatever its folders are called.
  @Test func ownClassesComeFirst() throws {
    try write("JPEGImages/2011_000003.jpg", [])
    try write("SegmentationClass/2011_000003.png", try png(1))
    try write("ImageSets/Segmentation/default.txt", Array("2011_000003".utf8))
    try write("labelmap.txt", Array("background:0,0,0::\ncar:4,5,6::\n".utf8))
    let set = try DataSet(path: folder.path())
    #expect(set.kind.name == "folders" && set.classes?.names == ["background", "car"])
    #expect(try DataSet(path: folder.path(), DataSetRequest(kind: "voc2012")).classes == .pascalVOC)
  }
}
