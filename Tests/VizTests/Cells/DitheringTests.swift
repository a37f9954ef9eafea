import Core
import Testing

@testable import Viz

@Suite("Dithering")
struct DitheringTests {
  private func colours(_ grid: CellGrid) -> Set<RGB> {
    Set(
      (0..<grid.height).flatMap { y in
        grid.row(y).flatMap { [$0.foreground, $0.background].compactMap(\.self) }
      })
  }

  @Test(arguments: [TerminalPalette.xterm240, .ansi16], [GlyphSet.blocks, .half, .sextant])
  func onlyThePaletteIsUsed(palette: TerminalPalette, glyphs: GlyphSet) {
    let (picture, _) = StreetScene.draw(seed: 4, width: 240, height: 180)
    let grid = picture.cells(glyphs, columns: 60, rows: 22).dithered(to: palette)
    #expect(colours(grid).isSubset(of: Set(palette.colours)))
  }

  @Test func coloursOfThePaletteStay() {
    let palette = TerminalPalette.xterm240
    var grid = CellGrid(width: 120, height: 1)
    for x in 0..<120 {
      grid[x, 0] = Cell(
        "▌", foreground: palette.colours[2 * x], background: palette.colours[2 * x + 1])
    }
    #expect(grid.dithered(to: palette) == grid)
  }

  @Test func textStays() {
    var grid = CellGrid(width: 3, height: 1)
    grid[0, 0] = Cell("a", foreground: RGB(1, 2, 3), background: RGB(4, 5, 6))
    grid[1, 0] = Cell("▌", foreground: RGB(1, 2, 3))
    #expect(grid.dithered(to: .ansi16) == grid)
  }

  /// An area keeps its light better than the nearest colour does, for greys between those of the palette.
  @Test(arguments: [UInt8(60), 110, 170, 200])
  func areasKeepTheirMean(level: UInt8) {
    let grid = Picture(width: 1, height: 1, filled: RGB(level, level, level))
      .cells(columns: 40, rows: 20)
    let shown = grid.dithered(to: .ansi16).decoded()
    let light = shown.samples.map { LinearLight.ofSample[Int($0)] }.reduce(0, +)
    let mean = light / Float(shown.samples.count)
    let wanted = LinearLight.ofSample[Int(level)]
    let nearest =
      TerminalPalette.ansi16.colours
      .map { LinearLight.ofSample[Int($0.green)] }.map { abs($0 - wanted) }.min() ?? 0
    #expect(abs(mean - wanted) < nearest)
  }
}
