import TestSupport
import Testing

@testable import Core

/// Folders of every layout, made of 2×1 labels and empty images.
@Suite("Kinds of data sets")
struct DataSetKindTests {
  private let folder = TemporaryFolder()

  /// Makes empty files; which pairs there are does not depend on their contents.
  private func make(_ files: String...) throws {
    for file in files {
      try Folder.create(folder.path(file).parentFolder)
      try AtomicFile.write([], to: folder.path(file))
    }
  }

  /// Writes a label map of one row.
  private func label(_ file: String, _ values: UInt16...) throws {
    try Folder.create(folder.path(file).parentFolder)
    try ImageFile.write(
      LabelMap(width: values.count, height: 1, values: values), to: folder.path(file))
  }

  private func list(_ file: String, _ lines: String...) throws {
    try Folder.create(folder.path(file).parentFolder)
    try AtomicFile.write(Array(lines.joined(separator: "\n").utf8), to: folder.path(file))
  }

  private func open(_ request: DataSetRequest = .init()) throws -> DataSet {
    try DataSet(path: folder.path(), request)
  }

  /// The encoded labels of the first sample.
  private func labels(_ set: DataSet) throws -> [UInt16]? {
    try set.samples.first?.readLabels()?.values
  }

  @Test func cityscapesAsShipped() throws {
    let (image, truth) = (
      "leftImg8bit/val/ulm/ulm_000001_000019", "gtFine/val/ulm/ulm_000001_000019"
    )
    try make(
      "\(image)_leftImg8bit.png", "\(truth)_gtFine_color.png", "\(truth)_gtFine_polygons.json")
    try make("leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png", "gtFine/train/x.png")
    try label("\(truth)_gtFine_labelIds.png", 0, 7, 33, 34, 255)
    try label("\(truth)_gtFine_instanceIds.png", 26_001)
    let set = try open()
    #expect(set.kind.name == "cityscapes" && set.split == "val")
    #expect(set.samples.map(\.name) == ["ulm/ulm_000001_000019"])
    // Ids become train ids; a value beyond the ids stays, to be counted as stray.
    #expect(try labels(set) == [255, 0, 18, 34, 255])
    #expect(try set.samples[0].readInstances()?.values == [26_001])

    try label("\(truth)_gtFine_labelTrainIds.png", 18, 255)
    #expect(try labels(open()) == [18, 255])
  }

  @Test func cityscapesOfISeg() throws {
    try make("images/ulm_000001_000019.png", "images/ulm_000001_000020.png")
    try label("labels/ulm_000001_000019.png", 18)
    try label("labels/ulm_000001_000020.png", 17)
    try list("val.txt", "ulm_000001_000020")
    try list("train.txt", "ulm_000001_000019")
    let set = try open()
    #expect(set.kind.name == "cityscapes" && set.classes == .cityscapes)
    #expect(try labels(set) == [17])
    #expect(try labels(open(.init(split: "train"))) == [18])
  }

  @Test func ade20k() throws {
    try make("ADEChallengeData2016/images/validation/ADE_val_00000001.jpg")
    try label("ADEChallengeData2016/annotations/validation/ADE_val_00000001.png", 0, 1, 150, 255)
    let set = try open(.init(split: "val"))
    #expect(
      set.kind.name == "ade20k" && set.split == "validation" && set.classes?.names.count == 150)
    #expect(try labels(set) == [255, 0, 149, 255])
    let raw = try open(.init(encoding: .init(reduceZeroLabel: false)))
    #expect(try labels(raw) == [0, 1, 150, 255])
  }

  @Test func pascalContext() throws {
    let root = "VOCdevkit/VOC2010"
    try make("\(root)/JPEGImages/2008_000002.jpg", "\(root)/JPEGImages/2008_000003.jpg")
    try label("\(root)/SegmentationClassContext/2008_000002.png", 0, 1, 59)
    try list("\(root)/ImageSets/SegmentationContext/val.txt", "2008_000002")
    let set = try open()
    #expect(set.kind.name == "pascal_context" && set.classes == .pascalContext)
    #expect(try labels(set) == [255, 0, 58])
    let withBackground = try open(.init(kind: "pascal_context_60"))
    #expect(withBackground.classes?.names.count == 60)
    #expect(try labels(withBackground) == [0, 1, 59])
  }

  @Test func pascalContextOfIDS() throws {
    try make("images/2008_000002.jpg")
    try label("labels/2008_000002.png", 0, 59)
    try list("val.txt", "2008_000002")
    let set = try open()
    #expect(set.kind.name == "pascal_context")
    #expect(try labels(set) == [255, 58])
  }

  @Test func pascalVOCAndItsAugmentation() throws {
    let root = "VOCdevkit/VOC2012"
    try make("\(root)/JPEGImages/2011_000003.jpg", "\(root)/JPEGImages/2011_000006.jpg")
    try ImageFile.write(
      LabelMap(width: 2, height: 1, values: [0, 255]),
      palette: (0...255).map(ClassTable.vocColour),
      to: {
        try Folder.create($0.parentFolder)
        return $0
      }(
        folder.path("\(root)/SegmentationClass/2011_000003.png")))
    try label("\(root)/SegmentationClassAug/2011_000006.png", 20)
    try list("\(root)/ImageSets/Segmentation/val.txt", "2011_000003")
    try list("\(root)/ImageSets/Segmentation/train_aug.txt", "2011_000006")
    let set = try open()
    #expect(set.kind.name == "voc2012" && set.classes?.names.count == 21)
    #expect(try labels(set) == [0, 255])
    #expect(try labels(open(.init(split: "train_aug"))) == [20])
  }

  @Test func cocoStuff164k() throws {
    try make("images/val2017/000000000139.jpg")
    try label("annotations/val2017/000000000139.png", 0, 12, 181, 255, 11)
    let set = try open()
    #expect(set.kind.name == "coco_stuff164k" && set.split == "val2017")
    #expect(try labels(set) == [0, 11, 170, 255, 255])
    try label("annotations/val2017/000000000139_labelTrainIds.png", 0, 170, 255)
    #expect(try labels(open()) == [0, 170, 255])
  }

  @Test func cocoStuff10k() throws {
    try make("images/test2014/COCO_train2014_000000000081.jpg")
    try label("annotations/test2014/COCO_train2014_000000000081.png", 0, 1, 13, 182)
    let set = try open()
    #expect(set.kind.name == "coco_stuff10k" && set.split == "test2014")
    #expect(try labels(set) == [255, 0, 11, 170])
    try label("annotations/test2014/COCO_train2014_000000000081_labelTrainIds.png", 0, 1, 171)
    #expect(try labels(open()) == [255, 0, 170])
  }

  @Test func camVid() throws {
    try make("val/0016E5_07959.png")
    try label("valannot/0016E5_07959.png", 0, 11)
    let set = try open()
    #expect(set.kind.name == "camvid" && set.ignoreIndex == 11)
    #expect(try labels(set) == [0, 11])
    // The same folders with other pictures are somebody's own.
    try make("train/photo.png", "trainannot/photo.png")
    #expect(try open(.init(split: "train")).kind.name == "folders")
  }

  @Test func aSetOfTheModelsClasses() throws {
    try make("images/val/a.jpg")
    try label("masks/val/a_mask.png", 1)
    let classes = ClassTable(
      names: ["a", "b"], palette: [RGB(1, 1, 1), RGB(2, 2, 2)], ignoreIndex: 7)
    let set = try open(.init(classes: classes))
    #expect(set.kind.name == "folders" && set.classes == classes && set.ignoreIndex == 7)
    #expect(try labels(set) == [1])
    #expect(try open().classes == nil)
  }

  @Test(arguments: [
    ["train/images/a.png", "train/labels/a.png"], ["images/a.png", "labels/a.png"],
    ["images/train/x/a.png", "annotations/train/x/a.png"], ["images/x/a.png", "masks/x/a_L.png"],
    ["wrapped/train/a.png", "wrapped/trainannot/a.png"],
    ["images/a_leftImg8bit.png", "labels/a_gtFine_labelTrainIds.png"],
  ])
  func generalLayouts(files: [String]) throws {
    try make(files[0], files[1])
    let set = try open()
    #expect(set.kind.name == "folders")
    #expect(set.samples.map(\.label?.path) == [folder.path(files[1])])
    #expect(set.samples[0].name == (files[0].contains("/x/") ? "x/a" : "a"))
  }

  @Test func anyFolderOfLabels() throws {
    try make("photos/a.jpg", "photos/b.jpg")
    try label("truth/a_gt.png", 0, 150)
    try label("truth/b_gt.png", 1)
    let request = DataSetRequest(kind: "ade20k", labels: folder.path("truth"))
    let set = try DataSet(path: folder.path("photos"), request)
    #expect(set.samples.map(\.name) == ["a", "b"])
    #expect(try labels(set) == [255, 149])
  }

  @Test func whatWasLookedForIsTold() throws {
    try make("pictures/a.png", "notes.txt")
    let error = #expect(throws: DataSetFailure.self) { try open() }
    let text = try #require(error?.description)
    #expect(text.contains("leftImg8bit/{split} + gtFine/{split}"))
    #expect(text.contains("images/{training,validation} + annotations/{training,validation}"))
    #expect(text.contains("--labels"))
    // Without the need for labels it is a folder of pictures.
    #expect(try open(.init(needsLabels: false)).samples.map(\.name) == ["pictures/a"])
    let part = DataSetRequest(split: "pictures", needsLabels: false)
    #expect(try open(part).samples.map(\.name) == ["a"])
    try make("pictures/b.jpg", "pictures/b.png")
    #expect(try open(part).samples.map(\.name) == ["a", "b.jpg", "b.png"])
    #expect(throws: DataSetFailure.notAFolder(path: folder.path("none"))) {
      try open(.init(split: "none", needsLabels: false))
    }
    #expect(throws: DataSetFailure.unknownKind(name: "citys", known: DataSetKind.all.map(\.name))) {
      try open(.init(kind: "citys"))
    }
  }

  @Test func theFingerprintTellsSetsApart() throws {
    try make("val/a.png", "val/b.png")
    try label("valannot/a.png", 0)
    try label("valannot/b.png", 1)
    let first = try open().fingerprint
    #expect(first.count == 16)
    #expect(try open().fingerprint == first)
    try list("val.txt", "b", "a")
    #expect(try open().fingerprint == first, "the order of the list is no part of it")
    #expect(try open(.init(encoding: .init(ignoreIndex: 3))).fingerprint != first)
    try label("valannot/b.png", 2)
    #expect(try open().fingerprint != first, "labels that were mended, in a file of the same size")
    try label("valannot/b.png", 1, 2, 3, 4, 5)
    #expect(try open().fingerprint != first)
  }

  /// A folder around a set that names its classes, as in most archives, is no split.
  @Test func wrappedSets() throws {
    try make("set/images/a.png")
    try label("set/labels/a.png", 1)
    try list("set/classes.txt", "grass", "sheep")
    let set = try open()
    #expect(set.classes?.names == ["grass", "sheep"] && set.split == "all")
  }

  @Test(.enabled(if: TestFiles.hasShared, "needs ../shared"))
  func camVidBesideTheCheckout() throws {
    let set = try DataSet(path: TestFiles.shared + "/camvid")
    #expect(set.kind.name == "camvid" && set.split == "val" && set.samples.count == 101)
    let labels = try #require(try set.samples[0].readLabels())
    #expect(labels.values.allSatisfy { $0 <= 11 })
    #expect(try set.samples[0].readPicture().width == labels.width)
  }
}

@Suite("Classes of data sets")
struct ClassTableTests {
  /// Facts of the sets: how many classes, and the first and last of them.
  @Test(arguments: [
    ("cityscapes", 19, "road", "bicycle"), ("ade20k", 150, "wall", "flag"),
    ("coco_stuff164k", 171, "person", "wood"), ("pascal_context", 59, "aeroplane", "wood"),
    ("pascal_context_60", 60, "background", "wood"), ("voc2012", 21, "background", "tvmonitor"),
    ("camvid", 11, "Sky", "Bicyclist"),
  ])
  func knownSets(kind: String, count: Int, first: String, last: String) throws {
    let classes = try #require(DataSetKind.named(kind)?.classes)
    #expect(classes.names.count == count && Set(classes.names).count == count)
    #expect(classes.names.first == first && classes.names.last == last)
  }

  @Test func coloursOfTheSets() {
    #expect(ClassTable.cityscapes.palette[13] == RGB(0, 0, 142))
    #expect(ClassTable.ade20k.palette[2] == RGB(6, 230, 230))
    #expect(ClassTable.pascalVOC.palette[15] == RGB(192, 128, 128))
  }

  @Test func idsOfTheSets() {
    let ids = (0...33).filter { LabelMapping.cityscapesIds($0) != nil }
    #expect(ids.count == 19 && LabelMapping.cityscapesIds(26) == 13)
    #expect((0...181).filter { LabelMapping.cocoStuffIds($0) != nil }.count == 171)
    #expect(LabelMapping.cocoStuffIds(91) == 80 && LabelMapping.cocoStuffIds(181) == 170)
  }
}
