import Testing

@testable import Viz

@Suite("Glyph sets")
struct GlyphSetTests {
  @Test(arguments: [
    (GlyphSet.blocks, 19), (.half, 1), (.quad, 7), (.sextant, 31), (.ascii, 0), (.letters, 0),
  ])
  func everyDivisionStandsOnce(glyphs: GlyphSet, count: Int) {
    let table = glyphs.table
    #expect(table.splits.count == count)
    let all = table.samples == 64 ? ~UInt64(0) : (1 << UInt64(table.samples)) - 1
    var divisions: Set<UInt64> = []
    for split in table.splits {
      #expect(split.mask != 0 && split.mask != all && split.mask & ~all == 0)
      divisions.insert(min(split.mask, all & ~split.mask))
    }
    #expect(divisions.count == count)
  }

  /// The masks of the blocks are the shapes of the characters.
  @Test func blocksAreAsUnicodeDrawsThem() {
    for split in GlyphSet.blocks.splits {
      for y in 0..<8 {
        for x in 0..<8 {
          #expect((split.mask >> UInt64(8 * y + x) & 1 == 1) == split.glyph.covers(x, y))
        }
      }
    }
  }

  /// Unicode names a sextant after its samples: BLOCK SEXTANT-146 covers the first, the fourth and the sixth.
  @Test func sextantsAreAsUnicodeNamesThem() throws {
    for split in GlyphSet.sextant.splits {
      let samples = (1...6).filter { split.mask >> UInt64($0 - 1) & 1 == 1 }
      let scalar = try #require(split.glyph.unicodeScalars.first)
      switch samples {
      case [1, 3, 5]: #expect(split.glyph == "▌")
      case [2, 4, 6]: #expect(split.glyph == "▐")
      default:
        let digits = samples.map(String.init).joined()
        #expect(scalar.properties.name == "BLOCK SEXTANT-\(digits)")
      }
    }
  }

  @Test func liveSwitchingVisitsEverySet() {
    var seen: [GlyphSet] = []
    var glyphs = GlyphSet.blocks
    repeat {
      seen.append(glyphs)
      glyphs = glyphs.next
    } while glyphs != .blocks
    #expect(seen == GlyphSet.allCases)
    #expect(GlyphSet(rawValue: "sextant") == .sextant)
  }

  @Test(arguments: [GlyphSet.blocks, .quad, .sextant])
  func glyphsCoverLittleWhereTheyCan(glyphs: GlyphSet) {
    let table = glyphs.table
    for split in table.splits where split.coverage * 2 > table.samples {
      // Upper quarters and three eighths do not exist below U+25A0.
      #expect(["▅", "▆", "▋", "▊"].contains(split.glyph))
    }
  }
}
