import Testing

@testable import Core

@Suite("Label encoding")
struct LabelEncodingTests {
  @Test func nothingChangesByDefault() {
    let encoding = LabelEncoding()
    for value: UInt16 in [0, 1, 254, 255, 256, 65535] { #expect(encoding(value) == value) }
  }

  @Test func reducing() {
    let encoding = LabelEncoding(reduceZeroLabel: true)
    let stored: [UInt16] = [0, 1, 150, 254, 255, 256, 65535]
    #expect(stored.map { encoding($0) } == [255, 0, 149, 253, 255, 255, 65534])
    // What is dropped becomes the ignore index, whichever that is.
    #expect(LabelEncoding(ignoreIndex: 11, reduceZeroLabel: true)(0) == 11)
  }

  /// mmsegmentation 1.x reduces before it maps, 0.x and Hugging Face map first.
  @Test func theOrderOfTheSteps() {
    let mapping = LabelMapping([0: 5, 1: 7, 2: nil])
    let reduceFirst = LabelEncoding(reduceZeroLabel: true, mapping: mapping)
    #expect([0, 1, 2, 3, 4].map { reduceFirst($0) } == [255, 5, 7, 255, 3])
    let mapFirst = LabelEncoding(reduceZeroLabel: true, mapping: mapping, order: .mapFirst)
    #expect([0, 1, 2, 3, 4].map { mapFirst($0) } == [4, 6, 255, 2, 3])
  }

  @Test func mapsAreAppliedAllAtOnce() throws {
    let swapped = LabelEncoding(mapping: try LabelMapping(parsing: "0:1,1:0,2:ignore"))
    #expect([0, 1, 2, 3].map { swapped($0) } == [1, 0, 255, 3])
    let only = LabelEncoding(mapping: try LabelMapping(parsing: "26 0 # car\n*:ignore\n"))
    #expect([26, 0, 255].map { only($0) } == [0, 255, 255])
  }

  @Test func mapsAsText() throws {
    let text = "0:0,7:ignore,255:1,*:ignore"
    #expect(try LabelMapping(parsing: text).description == text)
    #expect(try LabelMapping(parsing: "cityscapes-ids") == .cityscapesIds)
    for wrong in ["", "0", "0:", "0:1:2", "a:1", "0:x", "*:3", "0:65536", "-1:0"] {
      #expect(throws: LabelMappingFailure.self, "\(wrong)") { try LabelMapping(parsing: wrong) }
    }
  }

  @Test func ignoreIndicesThatNoFileHolds() {
    #expect(LabelEncoding(ignoreIndex: -100).ignoreIndex == 255)
    #expect(LabelEncoding(ignoreIndex: 65535).ignoreIndex == 65535)
  }

  /// Golden value B: raw = (y + x) mod 5 on 7 rows of 9, p = (y·x) mod 4, label 0 being no class.
  @Test func goldenB() {
    let grid = (0..<7).flatMap { y in (0..<9).map { x in (x: x, y: y) } }
    func map(_ value: (Int, Int) -> Int) -> LabelMap {
      LabelMap(width: 9, height: 7, values: grid.map { UInt16(value($0.x, $0.y)) })
    }
    let truth = LabelEncoding(reduceZeroLabel: true)(map { x, y in (y + x) % 5 })
    var counts = ConfusionMatrix(classes: 4)
    counts.add(prediction: map { x, y in y * x % 4 }, truth: truth, ignoreIndex: 255)
    #expect((0..<4).map(counts.intersection) == [8, 1, 3, 2])
    #expect(abs(counts.meanIoU - 0.1397894) < 5e-8)
    #expect(abs(counts.pixelAccuracy - 0.2745098) < 5e-8)
  }
}
