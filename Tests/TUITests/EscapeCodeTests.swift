import Core
import Testing
import Viz

@testable import TUI

@Suite("Escape codes")
struct EscapeCodeTests {
  private let escape = "\u{1B}["

  /// Red over blue, twice; then the terminal's own colours.
  private var grid: CellGrid {
    var grid = CellGrid(width: 2, height: 2)
    let cell = Cell("▀", foreground: RGB(255, 0, 0), background: RGB(0, 0, 255))
    (grid[0, 0], grid[1, 0], grid[0, 1]) = (cell, cell, cell)
    grid[1, 1] = Cell("x")
    return grid
  }

  @Test(arguments: [
    (ColourDepth.trueColour, "38;2;255;0;0", "48;2;0;0;255"),
    (.palette256, "38;5;196", "48;5;21"), (.sixteen, "91", "44"),
  ])
  func codesAreWrittenWhereTheyChange(depth: ColourDepth, red: String, blue: String) {
    let colours = "\(escape)\(red)m\(escape)\(blue)m"
    #expect(
      grid.text(depth)
        == "\(colours)▀▀\(escape)0m\n\(colours)▀\(escape)39m\(escape)49mx")
  }

  @Test func withoutColoursThereAreNoCodes() {
    #expect(grid.text(.none) == "▀▀\n▀x")
  }

  /// The name of a class may hold anything; nothing of it may reach the terminal as a code.
  @Test(arguments: [ColourDepth.none, .trueColour])
  func controlCharactersAreShownAsQuestionMarks(depth: ColourDepth) {
    let cells = "a\u{1B}\u{7}\u{9B}é".map { Cell($0) }
    let grid = CellGrid(width: cells.count, height: 1, cells: cells)
    #expect(grid.text(depth) == "a???é")
  }

  @Test(arguments: [
    (RGB(0, 0, 0), "30", "40"), (RGB(255, 255, 255), "97", "107"),
    (RGB(127, 127, 127), "90", "100"),
    (RGB(205, 0, 0), "31", "41"),
  ])
  func sixteenColours(colour: RGB, foreground: String, background: String) {
    let depth = ColourDepth.sixteen
    #expect(depth.code(colour, isBackground: false) == "\(escape)\(foreground)m")
    #expect(depth.code(colour, isBackground: true) == "\(escape)\(background)m")
    #expect(depth.code(nil, isBackground: true) == "")
  }
}

@Suite("Legend")
struct LegendTests {
  private func legend(_ values: [UInt16]) -> Legend {
    let labels = LabelMap(width: values.count, height: 1, values: values)
    let preset = ModelConfiguration.presets.first { $0.classes.count == 11 }
    return Legend(labels, preset ?? ModelConfiguration.presets[0], .none)
  }

  @Test func largestFirst() {
    #expect(
      legend([0, 3, 3, 3, 5, 5, 255, 255]).lines(width: 80)
        == ["R Road 38%   T Tree 25%   S Sky 12%"])
  }

  @Test func entriesWrapWhole() {
    let legend = legend([0, 3, 3, 3, 5, 5, 255, 255])
    #expect(legend.lines(width: 24) == ["R Road 38%   T Tree 25%", "S Sky 12%"])
    #expect(legend.lines(width: 1) == ["R Road 38%", "T Tree 25%", "S Sky 12%"])
  }

  @Test func whatDoesNotFitIsCounted() {
    let legend = legend([0, 3, 3, 3, 5, 5, 255, 255])
    #expect(legend.lines(width: 16, limit: 1) == ["R Road 38%   +2"])
    #expect(legend.lines(width: 1, limit: 1) == ["R Road 38%", "+2"])
  }

  @Test func nothingNeedsNoLine() {
    #expect(legend([255]).lines(width: 80) == [])
    #expect(legend([255]).lines(width: 80, limit: 1) == [])
  }

  @Test(arguments: [
    (1, "100%"), (0.0995, "10%"), (0.0994, "9.9%"), (0.001, "0.1%"), (0.0004, "<0.1%"),
  ])
  func percentages(share: Double, text: String) {
    #expect(Legend.percentage(share) == text)
  }
}
