import Core
import Testing

@testable import Viz

@Suite("Token chart")
struct TokenChartTests {
  private func relations(_ weights: [Float]) -> TokenRelations {
    TokenRelations(
      ClassTokens(
        names: ["sky", "road", "cloud"], width: 2, weights: weights, bias: [0, 0, 0]))
  }
  private var a: TokenRelations { relations([1, 0, 0, 1, 1, 0.5]) }
  private var b: TokenRelations { relations([2, 0, 0, 2, -2, 0]) }
  private let cosine = TokenMeasure(values: .cosine)

  private func place(_ row: Int, _ column: Int) -> MatrixPlace {
    MatrixPlace(row: row, column: column)
  }

  @Test func rowsAndColumnsStandInTheOrder() {
    let chart = TokenChart(a, cosine, order: [0, 2, 1])
    #expect(chart.rows == ["sky", "cloud", "road"])
    #expect(chart.columns == chart.rows)
    #expect(chart.value(place(0, 1)) == a.cosines[2])
    #expect(chart.value(place(1, 3)) == a.confidence(.one)[2])
    // cos(sky, cloud) = 1/√1.25, sky and road are at right angles.
    #expect(chart.text(place(0, 1)) == "89")
    #expect(chart.text(place(0, 2)) == "·")
    #expect(chart.text(place(2, 2)) == "100")
  }

  /// The last column is in sight whatever is scrolled, and begins a blank behind the squares.
  @Test func confidenceStandsApart() throws {
    let chart = TokenChart(a, cosine, order: [0, 1, 2])
    let layout = chart.layout(columns: 14, rows: 4, around: place(1, 2), zoom: 1)
    #expect(layout.columns == 2..<3)
    let grid = chart.cells(layout)
    let characters = layout.characters(of: place(2, 3))
    #expect(characters.x.upperBound == grid.width)
    let text = String(characters.x.map { grid[$0, characters.y.lowerBound].glyph })
    #expect(text.contains(chart.text(place(2, 3))))
    #expect(layout.place(x: characters.x.lowerBound, y: characters.y.lowerBound) == nil)
  }

  @Test func aDifferenceIsSignedAndAroundTheMiddle() throws {
    let chart = TokenChart(from: a, to: b, cosine, order: [0, 1, 2])
    #expect(chart.value(place(0, 2)) == b.cosines[2] - a.cosines[2])
    #expect(chart.text(place(0, 2)) == "-189")
    #expect(chart.text(place(0, 0)) == "·")
    let map = ColourMap.diverging(isLight: true)
    #expect(chart.colour(place(0, 0), isLight: true) == map(0.5))
    #expect(chart.colour(place(0, 2), isLight: true) == map(0))
    let same = TokenChart(from: a, to: a, cosine, order: [0, 1, 2])
    #expect(same.text(place(0, 2)) == "·")
  }

  /// Two models side by side have one scale, which ends at the largest value of both.
  @Test func modelsBesideEachOtherShareColours() throws {
    let measure = TokenMeasure(scale: .sqrt)
    let left = TokenChart(a, measure, order: [0, 1, 2], beside: [b])
    let right = TokenChart(b, measure, order: [0, 1, 2], beside: [a])
    let largest = try #require((a.softmax(.sqrt) + b.softmax(.sqrt)).max())
    #expect(left.scale(isLight: true).range == 0...largest)
    #expect(right.scale(isLight: true).range == 0...largest)
  }

  /// Zooming in makes squares larger and shows fewer, zooming out the reverse, within what there is.
  @Test func zoomChangesTheSquares() {
    let many = TokenRelations(
      ClassTokens(
        names: (0..<40).map { "class \($0)" }, width: 1, weights: Array(repeating: 1, count: 40),
        bias: Array(repeating: 0, count: 40)))
    let chart = TokenChart(many, TokenMeasure(), order: Array(0..<40))
    let shown = (-8...8).map { zoom in
      chart.layout(columns: 110, rows: 40, around: place(20, 20), zoom: zoom)
    }
    for (smaller, larger) in zip(shown, shown.dropFirst()) {
      #expect(smaller.square.columns <= larger.square.columns)
      #expect(smaller.columns.count >= larger.columns.count)
      #expect(larger.rows.contains(20) && larger.columns.contains(20))
    }
    #expect(shown[0].square == MatrixSquare(columns: 1, rows: 1))
    #expect(shown[16].square == MatrixSquare(columns: 10, rows: 5))
  }

  @Test func figuresHoldTheirScale() {
    let chart = TokenChart(a, TokenMeasure(), order: [0, 1, 2])
    let panel = chart.panel(caption: "a", look: .light)
    #expect(panel.caption == "a")
    let scale = chart.scale(isLight: true)
    let colours = Set(panel.picture.colours)
    #expect(colours.contains(scale(0)) && colours.contains(scale(scale.range.upperBound)))
  }

  @Test func aScaleIsDrawnBetweenItsEnds() {
    let scale = ValueScale(.grey, -0.5...0.5)
    let cells = scale.cells(columns: 30)
    let line = String(cells.row(0).map(\.glyph))
    #expect(line.hasPrefix("-0.50 ") && line.hasSuffix(" +0.50") && line.count == 30)
    #expect(cells[6, 0].background == RGB(0, 0, 0))
    #expect(cells[23, 0].background == RGB(255, 255, 255))
    #expect(scale(0) == RGB(128, 128, 128))
    #expect(ValueScale(.grey, 0...0)(0) == RGB(0, 0, 0))
  }
}

extension Picture {
  fileprivate var colours: [RGB] {
    (0..<(width * height)).map { self[$0 % width, $0 / width] }
  }
}
