import Core
import TestSupport
import Testing

@testable import Viz

@Suite("Pictures in cells")
struct PictureCellsTests {
  private static let red = RGB(200, 30, 20)
  private static let blue = RGB(10, 60, 180)

  /// A picture of one cell whose sample (x, y) is red where `isRed`.
  private func cellPicture(_ table: SplitTable, _ isRed: (Int, Int) -> Bool) -> Picture {
    var picture = Picture(width: table.across, height: table.down, filled: Self.blue)
    for y in 0..<table.down {
      for x in 0..<table.across where isRed(x, y) { picture[x, y] = Self.red }
    }
    return picture
  }

  /// A picture that a glyph draws exactly becomes that glyph in exactly those colours, either way round.
  @Test(arguments: [GlyphSet.blocks, .half, .quad, .sextant])
  func everyGlyphIsFound(glyphs: GlyphSet) {
    let table = glyphs.table
    for split in table.splits {
      func covers(_ x: Int, _ y: Int) -> Bool {
        split.mask >> UInt64(y * table.across + x) & 1 == 1
      }
      #expect(
        cellPicture(table, covers).cells(glyphs, columns: 1, rows: 1)[0, 0]
          == Cell(split.glyph, foreground: Self.red, background: Self.blue))
      #expect(
        cellPicture(table, { !covers($0, $1) }).cells(glyphs, columns: 1, rows: 1)[0, 0]
          == Cell(split.glyph, foreground: Self.blue, background: Self.red))
    }
  }

  /// Any sRGB colour comes back as it was, in a space.
  @Test(arguments: [GlyphSet.blocks, .half, .quad, .sextant])
  func oneColourIsASpace(glyphs: GlyphSet) {
    for level in 0..<256 {
      let colour = RGB(UInt8(level), UInt8(255 - level), UInt8(level / 2))
      let picture = Picture(width: 3, height: 5, filled: colour)
      let grid = picture.cells(glyphs, columns: 2, rows: 1)
      #expect(grid.row(0).allSatisfy { $0 == Cell(background: colour) })
    }
  }

  /// Random cells drawn at 8 × 8 are found again, whatever stands beside them.
  @Test func picturesMadeOfCellsAreExact() {
    var random = SeededRandom(seed: 3)
    func colour() -> RGB {
      let bits = random.next()
      return RGB(
        UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8),
        UInt8(truncatingIfNeeded: bits >> 16))
    }
    var grid = CellGrid(width: 13, height: 7)
    let splits = GlyphSet.blocks.splits
    for y in 0..<grid.height {
      for x in 0..<grid.width {
        let split = Int(random.next() % UInt64(splits.count + 1))
        let background = colour()
        grid[x, y] =
          split == splits.count
          ? Cell(background: background)
          : Cell(splits[split].glyph, foreground: colour(), background: background)
      }
    }
    #expect(grid.decoded().cells(columns: 13, rows: 7) == grid)
  }

  /// The two colours are means of light: half white and half black behind a split is sRGB 188.
  @Test func sidesAreMeansOfLight() {
    var picture = Picture(width: 8, height: 8, filled: RGB(0, 0, 255))
    for y in 0..<8 {
      for x in 0..<4 { picture[x, y] = (x + y) % 2 == 0 ? RGB(255, 255, 255) : RGB(0, 0, 0) }
    }
    let cell = picture.cells(columns: 1, rows: 1)[0, 0]
    #expect(
      cell == Cell("▌", foreground: RGB(188, 188, 188), background: RGB(0, 0, 255)))
  }

  /// The search by sums of rows, columns and quadrants finds what adding up sample by sample does.
  @Test func sumsOfRowsAreSumsOfSamples() {
    var random = SeededRandom(seed: 11)
    let search = SplitSearch(.blocks)
    for _ in 0..<50 {
      let light = (0..<64).map { _ in
        SIMD4<Float>(unit(random.next()), unit(random.next()), unit(random.next()), 0)
      }
      light.withUnsafeBufferPointer { light in
        guard let light = light.baseAddress else { return }
        let count = search.table.splits.count
        var quick = [SIMD4<Float>](repeating: .zero, count: count)
        var plain = quick
        let totals = (
          SplitSearch.sumBlocks(light, 8, into: &quick), search.sumSamples(light, 8, into: &plain)
        )
        // Up to 64 terms below 1 in single precision, added in another order.
        let tolerance: Float = 64 * 64 * .ulpOfOne
        #expect(largest(totals.0 - totals.1) < tolerance)
        for i in 0..<count { #expect(largest(quick[i] - plain[i]) < tolerance) }
      }
    }
  }

  private func unit(_ bits: UInt64) -> Float { Float(bits >> 40) / Float(1 << 24) }

  private func largest(_ v: SIMD4<Float>) -> Float {
    max(abs(v.x), abs(v.y), abs(v.z), abs(v.w))
  }

  /// Floors for drawn streets at 60 × 22 cells, a decibel below what was measured; each set beats the coarser one.
  @Test(arguments: [(UInt64(1), 28.5), (2, 25.8), (3, 25.2)])
  func streetsAreRecognised(seed: UInt64, floor: Double) {
    let (picture, _) = StreetScene.draw(seed: seed, width: 480, height: 352)
    let original = picture.scaled(Crop(picture), width: 480, height: 176)
    let levels = [GlyphSet.half, .quad, .blocks].map { glyphs in
      psnr(picture.cells(glyphs, columns: 60, rows: 22).decoded(), original)
    }
    #expect(levels == levels.sorted())
    #expect(levels[2] > floor)
  }

  @Test(arguments: GlyphSet.allCases, [(1, 1), (1, 7), (13, 1), (5, 3)])
  func anyPictureFillsAnyGrid(glyphs: GlyphSet, size: (Int, Int)) {
    for (columns, rows) in [(1, 1), (7, 2), (31, 17)] {
      let picture = Picture(width: size.0, height: size.1, filled: RGB(9, 99, 199))
      let grid = picture.cells(glyphs, columns: columns, rows: rows)
      #expect(grid.width == columns && grid.height == rows)
      let first = grid[0, 0]
      #expect((0..<rows).allSatisfy { grid.row($0).allSatisfy { $0 == first } })
    }
  }

  /// A crop is the picture that it shows, and what lies outside repeats the edge.
  @Test func cropsShowTheirPart() {
    let (picture, _) = StreetScene.draw(seed: 5, width: 64, height: 32)
    var part = Picture(width: 16, height: 8)
    for y in 0..<8 {
      for x in 0..<16 { part[x, y] = picture[x + 40, y + 10] }
    }
    let crop = Crop(x: 40, y: 10, width: 16, height: 8)
    #expect(
      picture.cells(columns: 2, rows: 1, crop: crop) == part.cells(columns: 2, rows: 1))
    let outside = Crop(x: -30, y: -30, width: 8, height: 8)
    #expect(
      picture.cells(columns: 1, rows: 1, crop: outside)[0, 0] == Cell(background: picture[0, 0]))
  }

  /// Light kept whole gives the cells that light made row by row gives.
  @Test(arguments: GlyphSet.allCases)
  func wholeAndByRowsAreTheSame(glyphs: GlyphSet) {
    let (picture, _) = StreetScene.draw(seed: 6, width: 90, height: 70)
    let crop = Crop(x: 3.3, y: 8.1, width: 60, height: 55)
    #expect(
      CellLight(picture, glyphs, columns: 31, rows: 9, crop: crop).fitted()
        == picture.cells(glyphs, columns: 31, rows: 9, crop: crop))
  }

  @Test func brightnessBecomesDensity() {
    let ramp = (0..<10).map { i in
      let level = UInt8(255 * i / 9)
      return Picture(width: 1, height: 1, filled: RGB(level, level, level))
        .cells(.ascii, columns: 1, rows: 1)[0, 0]
    }
    #expect(String(ramp.map(\.glyph)) == " .:-=+*#%@")
    #expect(ramp.dropFirst().allSatisfy { $0.foreground == RGB(255, 255, 255) })
    #expect(ramp.allSatisfy { $0.background == nil })
    let dim = Picture(width: 1, height: 1, filled: RGB(0, 128, 0))
      .cells(.letters, columns: 1, rows: 1)[0, 0]
    #expect(dim.foreground == RGB(0, 255, 0))
  }
}
