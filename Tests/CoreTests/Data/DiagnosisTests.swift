import TestSupport
import Testing

@testable import Core

@Suite("Diagnosis of labels")
struct DiagnosisTests {
  private static let ten = classes(10)

  private static func classes(_ count: Int, ignore: Int = 255) -> ClassTable {
    ClassTable(
      names: (0..<count).map { "class \($0)" }, palette: (0..<count).map(ClassTable.vocColour),
      ignoreIndex: ignore)
  }

  /// The diagnosis of one label map that holds `values`.
  private func diagnose(
    _ values: some Sequence<Int>, _ classes: ClassTable? = ten,
    _ encoding: LabelEncoding = LabelEncoding(), model: ClassTable? = nil
  ) -> Diagnosis {
    let values = values.map { UInt16($0) }
    var survey = LabelSurvey()
    survey.add(LabelMap(width: values.count, height: 1, values: values))
    return Diagnosis(survey, encoding: encoding, classes: classes, images: 1, model: model)
  }

  /// A case: what the labels hold, how many classes, and what must be said.
  struct Case: Sendable, CustomTestStringConvertible {
    let values: [Int]
    let classes: Int
    var encoding = LabelEncoding()
    let problem: Finding.Problem
    let sentence: String
    let flags: String?
    var testDescription: String { "\(problem)" }
  }

  @Test(arguments: [
    Case(
      values: Array(1...10), classes: 10, problem: .offByOne,
      sentence: "labels run from 1 to 10: every class is one too high", flags: "--reduce-zero-label"
    ),
    Case(
      values: Array(0...10) + [255], classes: 10, problem: .offByOne,
      sentence:
        "labels run from 0 to 10, one more than the 10 classes, though 255 is there for void: 0 is no class",
      flags: "--reduce-zero-label"),
    Case(
      values: [0, 7, 8, 11, 26, 33], classes: 19, problem: .ids,
      sentence:
        "labels are Cityscapes' ids (0 to 33), not train ids, not class numbers from 0 to 18",
      flags: "--label-map cityscapes-ids"),
    Case(
      values: [0, 150, 181, 255], classes: 171, problem: .ids,
      sentence: "labels are COCO's ids (0 to 181, with gaps), not class numbers from 0 to 170",
      flags: "--label-map coco-stuff-ids"),
    Case(
      values: [0, 255], classes: 2, problem: .binary,
      sentence: "labels are 0 and 255 only: masks whose 255 means a class, but 255 is ignored",
      flags: "--label-map 255:1"),
    Case(
      values: [0, 1, 9, 255], classes: 10, encoding: LabelEncoding(reduceZeroLabel: true),
      problem: .reducedTwice,
      sentence: "labels already run from 0 to 9 with 255 for void, and would be reduced again",
      flags: "--no-reduce-zero-label"),
    Case(
      values: [0, 1, 2, 77], classes: 10, problem: .stray,
      sentence: "77 (25.0 %, in 1 of 1 labels) is no class: those are 0 to 9, and 255 is ignored",
      flags: "--ignore-index 77"),
    Case(
      values: [0, 12, 13, 255], classes: 10, problem: .stray,
      sentence: "12–13 (50.0 %) are no classes: those are 0 to 9, and 255 is ignored",
      flags: "--label-map 12:ignore,13:ignore"),
    Case(
      values: Array(stride(from: 0, to: 200, by: 10)), classes: 10, problem: .stray,
      sentence:
        "10, 20, 30, 40, 50, 60, … (19 values) (95.0 %) are no classes: those are 0 to 9, and 255 is ignored",
      flags: nil),
    Case(
      values: [255], classes: 10, problem: .allIgnored,
      sentence: "every label that was read is ignored (stored as 255)", flags: nil),
    Case(
      values: [0, 65535], classes: 10, problem: .unknownColours,
      sentence:
        "50.0 % of the labels have a colour that none of the 10 classes has, or the value 65535",
      flags: nil),
  ])
  func eachFaultHasItsSentenceAndItsFlag(_ case: Case) throws {
    let findings = diagnose(`case`.values, Self.classes(`case`.classes), `case`.encoding).findings
    #expect(findings.map(\.problem) == [`case`.problem])
    #expect(findings.first?.sentence == `case`.sentence)
    #expect(findings.first?.flags == `case`.flags)
    if let flags = `case`.flags { #expect(findings.first?.remedy.contains(flags) == true) }
  }

  @Test func healthyLabels() {
    #expect(diagnose(0...9).findings.isEmpty)
    #expect(diagnose([0, 3, 255]).findings.isEmpty)
    #expect(diagnose(0...11, .camVid, LabelEncoding(ignoreIndex: 11)).findings.isEmpty)
    #expect(diagnose(0...150, .ade20k, LabelEncoding(reduceZeroLabel: true)).findings.isEmpty)
    #expect(diagnose(0...33, .cityscapes, LabelEncoding(mapping: .cityscapesIds)).findings.isEmpty)
  }

  /// CamVid's void is its last label: nothing in the values tells it from a first one.
  @Test func bothRemediesWhereEitherMayBeRight() {
    let finding = diagnose([0, 0, 0] + Array(1...10)).findings.first
    #expect(finding?.problem == .offByOne && finding?.flags == nil)
    #expect(
      finding?.remedy == "give --reduce-zero-label if that is 0, or --ignore-index 10 if it is 10")
    #expect(finding?.sentence.contains("0 covers 23.1 %, 10 covers 7.7 %") == true)
  }

  @Test func whatIsNoFault() {
    #expect(diagnose(1...5).notes.first?.contains("class 0, class 0, occurs in no label") == true)
    #expect(diagnose(0...5).notes.isEmpty)
    #expect(diagnose(0...5, nil).notes.first?.contains("name a MODEL") == true)
    #expect(diagnose(0...5, nil).findings.isEmpty)
  }

  /// A flag must do what its sentence promises: with it the labels are healthy.
  @Test func theFlagsMend() throws {
    func mended(_ values: [Int], _ classes: ClassTable, _ encoding: LabelEncoding) -> Bool {
      diagnose(values, classes, encoding).findings.isEmpty
    }
    #expect(mended(Array(1...10), Self.ten, LabelEncoding(reduceZeroLabel: true)))
    #expect(mended([0, 255], Self.classes(2), LabelEncoding(mapping: try .init(parsing: "255:1"))))
    #expect(mended([0, 1, 77], Self.ten, LabelEncoding(ignoreIndex: 77)))
    let ignored = try LabelMapping(parsing: "12:ignore,13:ignore")
    #expect(mended([0, 12, 13, 255], Self.ten, LabelEncoding(mapping: ignored)))
    #expect(mended([7, 33], .cityscapes, LabelEncoding(mapping: .cityscapesIds)))
    #expect(mended([0, 181, 255], .cocoStuff, LabelEncoding(mapping: .cocoStuffIds)))
  }

  @Test func modelsOfOtherClasses() throws {
    let data = ClassTable(
      names: ["Sky", "Traffic Light", "Moon"], palette: (0..<3).map(ClassTable.vocColour),
      ignoreIndex: 1)
    func finding(_ names: [String]) -> Finding? {
      let model = ClassTable(
        names: names, palette: names.indices.map(ClassTable.vocColour), ignoreIndex: 255)
      return diagnose([0, 2], data, LabelEncoding(ignoreIndex: 255), model: model).findings.first
    }
    #expect(finding(["sky", "traffic-light", "moon"]) == nil)
    #expect(finding(["sky", "traffic light", "satellite"]) == nil, "spellings differ")
    let turned = finding(["moon", "sky", "trafficlight"])
    #expect(turned?.sentence == "the model has the data set's 3 classes in another order")
    #expect(turned?.flags == "--label-map 0:1,1:2,2:0")
    let fewer = finding(["moon", "tree"])
    #expect(
      fewer?.sentence == "the model has 2 classes, the data set 3, of which the model knows 1")
    #expect(fewer?.flags == "--label-map 0:ignore,1:ignore,2:0")
    #expect(finding(["road"])?.flags == nil)
  }

  /// The set's void must not end up as one of the model's classes.
  @Test func theIgnoredLabelKeepsOutOfTheModelsNumbers() {
    let model = ClassTable(
      names: ["void2"] + ClassTable.camVid.names, palette: (0..<12).map(ClassTable.vocColour),
      ignoreIndex: 255)
    let flags = diagnose(
      0...11, .camVid, LabelEncoding(ignoreIndex: 11), model: model
    ).findings.first?.flags
    #expect(flags?.hasPrefix("--label-map 0:1,1:2,") == true)
    #expect(flags?.hasSuffix(",10:11,11:ignore --ignore-index 255") == true)
  }

  @Test func anIdMapIsComposedWithTheModelsOrder() throws {
    let model = ClassTable(
      names: ClassTable.cityscapes.names.reversed(), palette: ClassTable.cityscapes.palette,
      ignoreIndex: 255)
    let flags = try #require(
      diagnose([7, 33], .cityscapes, LabelEncoding(mapping: .cityscapesIds), model: model)
        .findings.first?.flags)
    let map = try LabelMapping(parsing: String(flags.dropFirst("--label-map ".count)))
    #expect(map(7) == 18 && map(33) == 0 && map(0) == nil && map(255) == 255)
  }
}

@Suite("Survey of label files")
struct LabelSurveyTests {
  private let folder = TemporaryFolder()

  @Test func filesAreJudgedToo() throws {
    for name in ["a", "b", "c", "d", "e"] {
      try Folder.create(folder.path("val"))
      try ImageFile.write(Picture(width: 2, height: 3), to: folder.path("val/\(name).png"))
    }
    try Folder.create(folder.path("valannot"))
    func label(_ name: String, _ width: Int, _ height: Int) throws {
      let values = [UInt16](repeating: 1, count: width * height)
      try ImageFile.write(
        LabelMap(width: width, height: height, values: values),
        to: folder.path("valannot/\(name).png"))
    }
    try label("a", 2, 3)
    try label("b", 3, 2)
    try ImageFile.write(Picture(width: 2, height: 3), to: folder.path("valannot/c.png"))
    try AtomicFile.write([1, 2], to: folder.path("valannot/d.png"))
    let set = try DataSet(path: folder.path(), DataSetRequest(needsLabels: false))
    var survey = LabelSurvey()
    for sample in set.samples { survey.add(sample) }
    #expect(survey.read == 2 && survey.values == [1: .init(pixels: 12, images: 2)])
    #expect(survey.coloured == ["c"] && survey.unlabelled == ["e"])
    let findings = Diagnosis(survey, of: set).findings
    #expect(findings.map(\.problem) == [.unreadable, .unlabelled, .colours, .sizes])
    #expect(findings.map(\.examples) == [["d"], ["e"], ["c"], ["b"]])
    #expect(findings[3].sentence.contains("b has 3×2 labels for 2×3 pixels"))
    #expect(findings[3].remedy.contains("Exif"))
  }

  @Test func valuesInWords() {
    #expect(LabelRanges.text([0, 1, 2, 7, 255]) == "0–2, 7, 255")
    #expect(LabelRanges.text([65534, 65535]) == "65534–65535")
  }
}
