import Core
import TestSupport
import Testing

@testable import Viz

@Suite("Label maps in cells")
struct LabelCellsTests {
  private static let palette = ClassTable.camVid.palette

  /// Colours of classes, and black for values without one, are all that is ever shown.
  @Test(arguments: [GlyphSet.blocks, .half, .quad, .sextant], [UInt64(1), 2])
  func everyColourIsThePalettes(glyphs: GlyphSet, seed: UInt64) {
    var (_, labels) = StreetScene.draw(seed: seed, width: 151, height: 97)
    for x in 20..<60 { labels[x, 50] = 255 }
    let allowed = Set(Self.palette + [RGB(0, 0, 0)])
    for (columns, rows) in [(40, 12), (1, 1), (97, 61)] {
      let grid = labels.cells(glyphs, palette: Self.palette, columns: columns, rows: rows)
      for y in 0..<rows {
        for cell in grid.row(y) {
          #expect(allowed.contains(cell.background ?? RGB(1, 1, 1)))
          #expect(cell.foreground.map(allowed.contains) ?? (cell.glyph == " "))
          #expect(cell.foreground != cell.background)
        }
      }
    }
  }

  @Test(arguments: [GlyphSet.blocks, .half, .quad, .sextant])
  func everyGlyphIsFound(glyphs: GlyphSet) {
    let table = glyphs.table
    for split in table.splits {
      let values = (0..<table.samples).map { split.mask >> UInt64($0) & 1 == 1 ? UInt16(4) : 2 }
      let map = LabelMap(width: table.across, height: table.down, values: values)
      #expect(
        map.cells(glyphs, palette: Self.palette, columns: 1, rows: 1)[0, 0]
          == Cell(split.glyph, foreground: Self.palette[4], background: Self.palette[2]))
    }
  }

  /// Of three classes the two that keep most samples are shown: 40 of 0, 16 of 1, 8 of 2.
  @Test func mostSamplesKeepTheirClass() {
    let map = LabelMap(
      width: 8, height: 8,
      values: (0..<64).map { i in i / 8 >= 6 ? 1 : i / 8 == 0 ? 2 : 0 })
    #expect(
      map.cells(palette: Self.palette, columns: 1, rows: 1)[0, 0]
        == Cell("▂", foreground: Self.palette[1], background: Self.palette[0]))
  }

  /// Trying every split and every pair of classes by hand finds none that keeps more samples.
  @Test func noOtherCellKeepsMore() {
    var random = SeededRandom(seed: 8)
    let table = SplitTable.blocks
    var vote = SplitVote(table)
    for _ in 0..<40 {
      let values = (0..<64).map { i in
        UInt16(i % 8 / 3 + Int(random.next() % 3 == 0 ? random.next() % 3 : 0))
      }
      let best = values.withUnsafeBufferPointer { values in
        values.baseAddress.map { vote.result($0, stride: 8) }
      }
      guard let best else { continue }
      func kept(_ split: Split, _ covered: UInt16, _ rest: UInt16) -> Int {
        values.indices.count { i in
          values[i] == (split.mask >> UInt64(i) & 1 == 1 ? covered : rest)
        }
      }
      let shown = kept(table.splits[best.split], best.foreground, best.background)
      for split in table.splits {
        for covered in 0..<UInt16(5) {
          for rest in 0..<UInt16(5) { #expect(kept(split, covered, rest) <= shown) }
        }
      }
    }
  }

  /// A magnified map shows its pixels as they are, to the eighth of a cell.
  @Test func magnifiedPixelsStaySquare() {
    let map = LabelMap(width: 2, height: 1, values: [3, 7])
    let grid = map.cells(
      palette: Self.palette, columns: 2, rows: 1, crop: Crop(x: 0.5, y: 0, width: 0.8, height: 1))
    // The pixels' border lies at 0.5 of 0.8: ten of sixteen eighths.
    #expect(grid[0, 0] == Cell(background: Self.palette[3]))
    #expect(
      grid[1, 0] == Cell("▎", foreground: Self.palette[3], background: Self.palette[7]))
  }

  @Test func lettersNameClasses() {
    let map = LabelMap(width: 3, height: 1, values: [0, 1, 9])
    let grid = map.cells(
      .letters, palette: [RGB(1, 2, 3)], letters: ["S", "B"], columns: 3, rows: 1)
    #expect(grid[0, 0] == Cell("S", foreground: RGB(1, 2, 3)))
    #expect(grid[1, 0] == Cell("B", foreground: RGB(0, 0, 0)))
    #expect(grid[2, 0] == Cell())
  }
}
