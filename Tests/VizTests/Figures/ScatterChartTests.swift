import Core
import Testing

@testable import Viz

@Suite("Scatter charts")
struct ScatterChartTests {
  private let red = RGB(255, 0, 0)
  private let blue = RGB(0, 0, 255)

  @Test func cellsHaveTheColourOfMostOfTheirPoints() {
    let chart = ScatterChart([
      ScatterChart.Series("a", red, [[0, 0], [0.1, 0], [10, 10]]),
      ScatterChart.Series("b", blue, [[0.05, 0.05], [10, 0], [10, 0.1]]),
    ])
    let grid = chart.cells(columns: 10, rows: 5)
    #expect(grid[0, 4].foreground == red)
    #expect(grid[9, 0].foreground == red)
    #expect(grid[9, 4].foreground == blue)
    #expect(grid[9, 0].glyph == "⠈" && grid[0, 0].glyph == " ")
    let letters = chart.cells(columns: 10, rows: 5, letters: ["A", "B"])
    #expect(letters[0, 4].glyph == "A" && letters[9, 4].glyph == "B")
    let names = chart.names(columns: 20)
    #expect(String(names.row(0).map(\.glyph)).hasPrefix("● a ● b") == false)
    #expect(String(names.row(0).map(\.glyph)).hasPrefix("● a  ● b"))
  }

  @Test("both axes have one scale, and all points are on the chart")
  func placement() {
    let chart = ScatterChart([ScatterChart.Series("a", red, [[-1, 0], [1, 0], [0, 0.5]])])
    let place = chart.placement(width: 101, height: 101)
    #expect(place([-1, 0]) == [0, 62.5] && place([1, 0]) == [100, 62.5])
    #expect(place([0, 0.5]) == [50, 37.5])
    let one = ScatterChart([ScatterChart.Series("a", red, [[3, 4]])])
    #expect(one.placement(width: 11, height: 5)([3, 4]) == [5, 2])
    #expect(ScatterChart([]).cells(columns: 3, rows: 2).row(0).allSatisfy { $0.glyph == " " })
  }

  @Test func discsStandWhereTheirPointsDo() {
    let chart = ScatterChart([
      ScatterChart.Series("a", red, [[0, 0]]), ScatterChart.Series("b", blue, [[1, 1]]),
    ])
    let picture = chart.picture(side: 200)
    #expect(picture[3, 196].red > 200 && picture[3, 196].blue < 150)
    #expect(picture[196, 3].blue > 200 && picture[196, 3].red < 150)
    #expect(picture[100, 100] == RGB(255, 255, 255))
  }

  @Test func valuesLightThePictureUp() {
    let dark = Picture(width: 3, height: 1, filled: RGB(100, 100, 100))
    let lit = dark.lit(by: [.nan, 0, 1], .viridis)
    #expect(lit[0, 0] == RGB(50, 50, 50))
    #expect(lit[1, 0] != lit[0, 0] && lit[2, 0] == ColourMap.viridis(1))
    let components = Picture.components([0, 0.5, 1], width: 1, height: 1)
    #expect(components[0, 0] == RGB(0, 128, 255))
  }
}
