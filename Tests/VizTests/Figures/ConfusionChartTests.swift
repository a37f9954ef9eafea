import Core
import Testing

@testable import Viz

@Suite("Confusion chart")
struct ConfusionChartTests {
  /// Of 100 sky pixels 70 are found, 30 taken for road; of 200 of road one is taken for sky; no pixel of car is true.
  private func chart(stray: Bool = false) -> ConfusionChart {
    func map(_ runs: [(UInt16, Int)]) -> LabelMap {
      let values = runs.flatMap { Array(repeating: $0.0, count: $0.1) }
      return LabelMap(width: values.count, height: 1, values: values)
    }
    var matrix = ConfusionMatrix(classes: 3)
    matrix.add(
      prediction: map([(0, 70), (1, 30), (0, 1), (1, 199), (2, stray ? 4 : 0)]),
      truth: map([(0, 100), (1, 200), (9, stray ? 4 : 0)]), ignoreIndex: 255)
    return ConfusionChart(matrix, names: ["sky", "road", "car"])
  }

  private func text(_ grid: CellGrid) -> [String] {
    (0..<grid.height).map { y in String(grid.row(y).map(\.glyph)) }
  }

  @Test func sharesAreOfTheTruth() {
    let chart = chart()
    #expect(chart.share(.init(truth: 0, prediction: 1)) == 0.3)
    #expect(chart.share(.init(truth: 1, prediction: 0)) == 0.005)
    #expect(chart.share(.init(truth: 2, prediction: 0)).isNaN)
    #expect(chart.largestError == .init(truth: 0, prediction: 1))
    #expect(
      ConfusionChart(ConfusionMatrix(classes: 2), names: ["a", "b"]).largestError == nil)
  }

  /// Names of rows end, and those of columns go down, where their squares are; what does not occur is blank.
  @Test func squaresStandBelowTheirNames() {
    let chart = chart()
    let grid = chart.cells(chart.layout(columns: 18, rows: 13))
    #expect(
      text(grid) == [
        "            r     ",
        "        s   o   c ",
        "        k   a   a ",
        "        y   d   r ",
        "  sky  70  30     ",
        "                  ",
        " road   1  100    ",
        "                  ",
        "  car             ",
        "                  ",
      ])
  }

  /// What is right is grey, errors are not, what does not occur has the terminal's background.
  @Test(arguments: [false, true])
  func onlyErrorsHaveColour(isLight: Bool) throws {
    let chart = chart()
    func isGrey(_ colour: RGB) -> Bool { colour.red == colour.green && colour.green == colour.blue }
    let right = try #require(chart.colour(.init(truth: 0, prediction: 0), isLight: isLight))
    let wrong = try #require(chart.colour(.init(truth: 0, prediction: 1), isLight: isLight))
    #expect(isGrey(right) && !isGrey(wrong))
    #expect(chart.colour(.init(truth: 0, prediction: 2), isLight: isLight) == nil)
    #expect(chart.colour(.init(truth: 2, prediction: 2), isLight: isLight) == nil)
  }

  /// Strays have a row and a column of their own, only where there are some.
  @Test func straysAreShownWhereThereAreSome() {
    #expect(chart().rows == ["sky", "road", "car"])
    #expect(chart(stray: true).rows == ["sky", "road", "car", "no class"])
    #expect(chart(stray: true).columns == ["sky", "road", "car"])
  }

  /// Every size shows the selected pair, finds every pair in sight under its characters, and fits where it can.
  @Test(arguments: [1, 3, 19, 150], [(1, 1), (30, 9), (80, 20), (158, 44)])
  func everySizeHasTheSelectedPairInSight(classes: Int, size: (columns: Int, rows: Int)) {
    let chart = ConfusionChart(
      ConfusionMatrix(classes: classes), names: (0..<classes).map { "class \($0)" })
    for selected in [0, classes / 2, classes - 1] {
      let pair = ConfusionChart.Pair(truth: selected, prediction: classes - 1 - selected)
      let layout = chart.layout(columns: size.columns, rows: size.rows, around: pair)
      #expect(layout.rows.contains(pair.truth) && layout.columns.contains(pair.prediction))
      for truth in layout.rows {
        for prediction in layout.columns {
          let place = layout.characters(of: .init(truth: truth, prediction: prediction))
          #expect(
            layout.place(x: place.x.upperBound - 1, y: place.y.lowerBound)
              == .init(truth: truth, prediction: prediction))
        }
      }
      let grid = chart.cells(layout, selected: pair)
      #expect(grid.width <= max(size.columns, 5) && grid.height <= max(size.rows, 2))
    }
    let layout = chart.layout(columns: size.columns, rows: size.rows)
    #expect(layout.place(x: 0, y: 0) == nil)
  }

  /// The figure holds the errors' colour and its names, and grows with the classes.
  @Test func figureIsDrawn() throws {
    let chart = chart()
    let figure = chart.figure(title: "confusion")
    let picture = figure.picture()
    #expect((picture.width, picture.height) == (figure.size.width, figure.size.height))
    let wrong = try #require(chart.colour(.init(truth: 0, prediction: 1), isLight: true))
    let pixels = (0..<(picture.width * picture.height)).count {
      picture[$0 % picture.width, $0 / picture.width] == wrong
    }
    #expect(pixels > 40 * 40)
  }
}
