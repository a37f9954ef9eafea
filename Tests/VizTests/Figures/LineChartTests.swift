import Core
import Testing

@testable import Viz

@Suite("Charts of lines")
struct LineChartTests {
  private let red = RGB(255, 0, 0)
  private let blue = RGB(0, 0, 255)

  private func chart(_ points: [(Double, Double)]) -> LineChart {
    LineChart([LineChart.Series("loss", red, points.map { LineChart.Point($0.0, $0.1) })])
  }

  @Test func axesHaveRoundNumbers() {
    let axis = LineChart.Axis([0.31, 2.2], count: 4, isWidened: true)
    #expect(axis.ticks.map(axis.label) == ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"])
    #expect(axis.place(0) == 0 && axis.place(2.5) == 1)
    let steps = LineChart.Axis([1, 4000], count: 5, isWidened: false)
    #expect(steps.ticks.map(steps.label) == ["1000", "2000", "3000", "4000"])
    let few = LineChart.Axis([4, 8], count: 8, isWidened: false)
    #expect(few.ticks.map(few.label) == ["4", "5", "6", "7", "8"])
    let small = LineChart.Axis([-0.02, 0.01], count: 3, isWidened: true)
    #expect(small.ticks.map(small.label) == ["-0.02", "-0.01", "0.00", "0.01"])
    // One value alone has an axis too.
    let flat = LineChart.Axis([7], count: 3, isWidened: true)
    #expect(flat.lower <= 7 && flat.upper > flat.lower)
  }

  /// A falling line begins in the upper left and ends in the lower right corner of the plot, whose ticks are evenly
  /// spaced: what is left over of the rows stays empty.
  @Test func cellsShowTheLine() {
    let grid = chart([(0, 1), (10, 0)]).cells(columns: 40, rows: 10)
    let text = (0..<grid.height).map { String(grid.row($0).map(\.glyph)) }
    #expect(text[0].contains("━ loss"))
    #expect(text[1].hasPrefix("1.0 ┤") && text[4].hasPrefix("0.5 ┤"))
    #expect(text[7].hasPrefix("0.0 ┤"))
    #expect(text[8].contains("0") && text[8].hasSuffix("10"))
    #expect(text[9].allSatisfy { $0 == " " })
    #expect(grid[5, 1].foreground == red && grid[39, 7].foreground == red)
    #expect(grid[39, 1].glyph == " " && grid[5, 7].glyph == " ")
  }

  @Test func laterLinesLieAbove() {
    let points = [LineChart.Point(0, 1), LineChart.Point(1, 0)]
    let chart = LineChart([
      LineChart.Series("a", red, points), LineChart.Series("b", blue, points),
    ])
    let picture = chart.picture(width: 300, height: 200)
    let colours = Set((0..<300).flatMap { x in (0..<200).map { y in picture[x, y] } })
    #expect(colours.contains(blue))
    // Red is left in the legend alone, which stands over the plot.
    #expect((0..<300).allSatisfy { x in (30..<200).allSatisfy { picture[x, $0] != red } })
  }

  /// Names that do not fit beside each other take more rows, which the plot gives up.
  @Test func namesAreBrokenIntoRows() {
    #expect(LineChart.rows(ofNames: [10, 10, 5, 40], width: 25) == [0..<3, 3..<4])
    let names = ["teacher", "student os4", "student os2"]
    let chart = LineChart(
      names.map { LineChart.Series($0, red, [LineChart.Point(0, 1), LineChart.Point(1, 0)]) })
    let grid = chart.cells(columns: 36, rows: 12)
    let text = (0..<grid.height).map { String(grid.row($0).map(\.glyph)) }
    #expect(text[0].contains("━ teacher  ━ student os4"))
    #expect(text[1].contains("━ student os2") && text[2].hasPrefix("1.0 ┤"))
  }

  @Test func whatIsNotFiniteIsLeftOut() {
    let series = LineChart.Series(
      "loss", red, [LineChart.Point(0, .nan), LineChart.Point(1, 2), LineChart.Point(2, .infinity)])
    #expect(series.points == [LineChart.Point(1, 2)])
    #expect(LineChart([series]).cells(columns: 20, rows: 6).height == 6)
  }
}
