import Core
import Testing

@testable import Viz

@Suite("Colour rounding")
struct ColourRoundingTests {
  /// Black and white stay, every sample moves by at most half a step, and there are 2^bits values.
  @Test(arguments: 1...8)
  func roundsToTheNearest(bits: Int) {
    let samples = (0...255).map { UInt8($0) }
    let grid = CellGrid(
      width: 256, height: 1, cells: samples.map { Cell(background: RGB($0, $0, $0)) })
    let rounded = grid.rounded(bits: bits).row(0).compactMap { $0.background?.red }
    #expect(rounded.first == 0 && rounded.last == 255)
    #expect(Set(rounded).count == 1 << bits)
    let step = 255 / Double((1 << bits) - 1)
    for (sample, value) in zip(samples, rounded) {
      #expect(abs(Double(sample) - Double(value)) <= step / 2 + 0.5)
    }
  }

  @Test func equalSidesBecomeABlank() {
    let grid = CellGrid(
      width: 2, height: 1,
      cells: [
        Cell("▀", foreground: RGB(100, 0, 0), background: RGB(101, 0, 0)), Cell("x", style: .bold),
      ]
    ).rounded(bits: 5)
    #expect(grid[0, 0].glyph == " " && grid[0, 0].background == RGB(99, 0, 0))
    #expect(grid[1, 0] == Cell("x", style: .bold))
  }
}
