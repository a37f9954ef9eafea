import Core
import Testing

@testable import Viz

@Suite("Legend grid")
struct LegendGridTests {
  private func entries(_ names: [String], number: String? = nil) -> [FigureSheet.LegendEntry] {
    names.map { FigureSheet.LegendEntry(RGB(0, 0, 0), $0, number: number) }
  }

  @Test func standsInOneRowWhereItFits() {
    // Each entry: a swatch of 11, a gap of 5, "AA" of 11; 14 between entries.
    let grid = LegendGrid(entries(["AA", "AA", "AA"]), width: 3 * 27 + 2 * 14, scale: 1)
    #expect(grid.cells.map(\.x) == [0, 41, 82])
    #expect(grid.cells.map(\.nameX) == [16, 57, 98])
    #expect(grid.width == 109 && grid.height == 10)
  }

  @Test func wrapsIntoBalancedRows() {
    let names = [String](repeating: "AA", count: 4)
    let grid = LegendGrid(entries(names), width: 3 * 27 + 2 * 14, scale: 1)
    #expect(grid.cells.map(\.x) == [0, 41, 0, 41])
    #expect(grid.cells.map(\.y) == [0, 0, 14, 14])
    #expect(grid.width == 68 && grid.height == 24)
  }

  @Test func columnsAreAsWideAsTheirWidestEntry() {
    let grid = LegendGrid(entries(["A", "A", "AAAA", "A"]), width: 90, scale: 1)
    #expect(grid.cells.map(\.x) == [0, 53, 0, 53])
  }

  @Test func numbersEndInOneColumn() {
    let mixed = entries(["A"], number: "5 %") + entries(["A"], number: "31 %") + entries(["AAA"])
    let grid = LegendGrid(mixed, width: 60, scale: 1)
    #expect(grid.cells.map(\.y) == [0, 14, 28])
    let ends = zip(grid.cells, ["5 %", "31 %"]).map {
      $0.numberX + PixelFont.size(of: $1).width
    }
    #expect(ends[0] == ends[1])
    #expect(grid.width == ends[0])
  }

  @Test func namesTooLongForTheWidthAreShortened() {
    let grid = LegendGrid(
      entries(["A name without end"], number: "5 %") + entries(["B"], number: "99.5 %"),
      width: 100, scale: 1)
    #expect(grid.width <= 100)
    #expect(grid.cells[0].name.hasSuffix("…") && grid.cells[1].name == "B")
  }

  @Test(arguments: 1...60) func neverExceedsItsWidth(count: Int) {
    let names = (0..<count).map { String("classification".prefix(1 + 7 * $0 % 13)) }
    let grid = LegendGrid(entries(names, number: "1 %"), width: 400, scale: 1)
    #expect(grid.width <= 400)
    #expect(grid.cells.map(\.index) == Array(0..<count))
    let rows = Set(grid.cells.map(\.y)).count
    #expect(grid.height == (rows - 1) * 14 + 10)
  }
}
