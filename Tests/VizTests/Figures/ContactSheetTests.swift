import Core
import Testing

@testable import Viz

@Suite("Contact sheet")
struct ContactSheetTests {
  private static let classes = ClassTable(
    names: ["sky", "road", "car"], palette: [RGB(0, 0, 250), RGB(90, 90, 90), RGB(250, 0, 0)],
    ignoreIndex: 255)

  /// A map whose first `count` values are `k` and whose others are 0.
  private func labels(_ k: UInt16, _ count: Int, width: Int = 320, height: Int = 160) -> LabelMap {
    LabelMap(
      width: width, height: height,
      values: (0..<(width * height)).map { $0 < count ? k : 0 })
  }

  private func sheet(_ models: [String], rows: Int = 2, hasTruth: Bool = true) -> ContactSheet {
    var sheet = ContactSheet(models: models, classes: Self.classes)
    for row in 0..<rows {
      sheet.add(
        "image \(row)", Picture(width: 320, height: 160, filled: RGB(10, 20, 30)),
        truth: hasTruth ? labels(1, 25_600) : nil,
        predictions: models.map { _ in labels(1, 12_800 * (row + 1)) })
    }
    return sheet
  }

  @Test func columnsAndCaptions() {
    let two = sheet(["first", "second"]).figure(title: "Two models")
    #expect(
      two.headings == ["image", "truth", "A first", "B second", "errors of A", "errors of B"])
    #expect(two.columns == 6 && two.panels.count == 12)
    // Half of the road was called sky: IoU 1/2 and 2/3, their mean without the car, which is nowhere.
    #expect(
      two.panels[..<6].map(\.caption) == [
        "image 0", "", "mIoU 58.3", "mIoU 58.3", "25.0 % wrong", "25.0 % wrong",
      ])
    #expect(
      two.panels[6...].map(\.caption) == [
        "image 1", "", "mIoU 100.0", "mIoU 100.0", "0.0 % wrong", "0.0 % wrong",
      ])
    #expect(two.legend.map(\.name) == ["sky", "road", "right", "wrong", "not counted"])
    let one = sheet(["only"], hasTruth: false).figure()
    #expect(one.headings == ["image", "only"] && one.panels.map(\.caption).last == "")
    #expect(one.legend.map(\.name) == ["sky", "road"])
  }

  /// The counts of a row are those of the label maps, however small they are drawn.
  @Test func countsAreOfTheWholeMaps() {
    var sheet = ContactSheet(models: ["m"], classes: Self.classes)
    let (truth, prediction) = (labels(2, 7001), labels(2, 9003))
    sheet.add(
      "x", Picture(width: 320, height: 160), truth: truth, predictions: [prediction],
      longestSide: 50)
    var counts = ConfusionMatrix(classes: 3)
    counts.add(prediction: prediction, truth: truth, ignoreIndex: 255)
    #expect(sheet.rows[0].counts == [counts])
    #expect(sheet.rows[0].picture.width == 50 && sheet.rows[0].picture.height == 25)
    #expect(sheet.rows[0].truth?.width == 50 && sheet.rows[0].errors[0].height == 25)
  }

  @Test func imagesWithoutLabelsStandBesideOthers() {
    var sheet = sheet(["m"], rows: 1)
    sheet.add(
      "bare", Picture(width: 320, height: 160), truth: nil, predictions: [labels(1, 3)])
    let figure = sheet.figure()
    #expect(figure.panels[4...].map(\.caption) == ["bare", "no labels", "", "no labels"])
  }

  /// Headings stand over their columns, end in one line, and move all else down by what they take.
  @Test func headings() {
    let plain = FigureSheet(
      panels: sheet(["m"], rows: 1).figure().panels, columns: 4)
    var headed = plain
    headed.headings = [
      "image", "truth", "a heading of so many words that they need a second line below the first",
      "d",
    ]
    let (before, after) = (FigureLayout(plain), FigureLayout(headed))
    let lines = after.texts.filter { $0.y < after.panels[0].y }
    #expect(lines.count == 5)
    let bottom = lines.map(\.y).max() ?? 0
    #expect(lines.filter { $0.y == bottom }.count == 4)
    // At scale 1 a second line is 12 pixels, a line of text 10, its distance 4.
    #expect(after.height - before.height == 12 + 10 + 4)
    for (text, panel) in zip(lines.filter { $0.y == bottom }, after.panels) {
      let middle = 2 * text.x + PixelFont.size(of: text.text, scale: text.scale).width
      #expect(abs(middle - (2 * panel.x + panel.width)) <= 1)
    }
  }

  /// Where a panel stands in the sheet there are its colours, without a change.
  @Test func panelsAreDrawnInPlace() {
    let sheet = sheet(["m"], rows: 1)
    let figure = sheet.figure()
    let (picture, layout) = (figure.picture(), FigureLayout(figure))
    let truth = layout.panels[1]
    #expect(picture[truth.x, truth.y] == RGB(90, 90, 90))
    #expect(picture[truth.x + truth.width - 1, truth.y + truth.height - 1] == RGB(0, 0, 250))
    let image = layout.panels[0]
    #expect(picture[image.x + 5, image.y + 5] == RGB(10, 20, 30))
  }
}
