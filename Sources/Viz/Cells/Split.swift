/// One way to divide a cell between two colours.
public struct Split: Sendable, Hashable {
  /// What is drawn.
  public let glyph: Character
  /// Bit `y · across + x` is set where the glyph's own colour is in the grid of samples of its `SplitTable`.
  public let mask: UInt64

  /// How many samples the glyph covers.
  public var coverage: Int { mask.nonzeroBitCount }
}

/// The grid of samples of a cell, and the splits that glyphs can make of it.
///
/// Each division has one entry, whose glyph covers at most half of the cell where there is such a glyph: a division has
/// no second form with its colours exchanged, so equal pictures give equal cells and few pairs of colours arise.
struct SplitTable: Sendable {
  /// Samples of a cell along its sides.
  let across, down: Int
  /// Coarse before fine: of equally good splits the first is taken.
  let splits: [Split]
  /// For each split and sample, 1 where the glyph's colour is and 0 elsewhere: `splits.count` × `across · down`.
  let coverage: [Float]

  /// Samples of a cell.
  var samples: Int { across * down }

  private init(across: Int, down: Int, _ splits: [(Character, (_ x: Int, _ y: Int) -> Bool)]) {
    self.across = across
    self.down = down
    self.splits = splits.map { glyph, covers in
      var mask: UInt64 = 0
      for y in 0..<down {
        for x in 0..<across where covers(x, y) { mask |= 1 << UInt64(y * across + x) }
      }
      return Split(glyph: glyph, mask: mask)
    }
    coverage = self.splits.flatMap { split in
      (0..<(across * down)).map { split.mask >> UInt64($0) & 1 == 1 ? 1 : 0 }
    }
  }

  /// A cell of one colour.
  static let whole = SplitTable(across: 1, down: 1, [])

  /// Two pixels, one above the other.
  static let half = SplitTable(across: 1, down: 2, [("▀", { _, y in y == 0 })])

  /// The seven divisions of 2 × 2.
  static let quadrants = SplitTable(
    across: 2, down: 2,
    [
      ("▀", { _, y in y == 0 }), ("▌", { x, _ in x == 0 }),
      ("▘", { x, y in x == 0 && y == 0 }), ("▝", { x, y in x == 1 && y == 0 }),
      ("▖", { x, y in x == 0 && y == 1 }), ("▗", { x, y in x == 1 && y == 1 }),
      ("▚", { x, y in x == y }),
    ])

  /// The divisions of 8 × 8 that the 32 characters from U+2580 can draw: halves, quadrants, eighths from each side.
  static let blocks = SplitTable(
    across: 8, down: 8,
    [
      ("▀", { _, y in y < 4 }), ("▌", { x, _ in x < 4 }),
      ("▘", { x, y in x < 4 && y < 4 }), ("▝", { x, y in x >= 4 && y < 4 }),
      ("▖", { x, y in x < 4 && y >= 4 }), ("▗", { x, y in x >= 4 && y >= 4 }),
      ("▚", { x, y in (x < 4) == (y < 4) }),
      ("▁", { _, y in y >= 7 }), ("▂", { _, y in y >= 6 }), ("▃", { _, y in y >= 5 }),
      ("▅", { _, y in y >= 3 }), ("▆", { _, y in y >= 2 }), ("▔", { _, y in y < 1 }),
      ("▏", { x, _ in x < 1 }), ("▎", { x, _ in x < 2 }), ("▍", { x, _ in x < 3 }),
      ("▋", { x, _ in x < 5 }), ("▊", { x, _ in x < 6 }), ("▕", { x, _ in x >= 7 }),
    ])

  /// The 31 divisions of 2 × 3.
  static let sextants = SplitTable(
    across: 2, down: 3,
    (1..<32).compactMap { pattern in
      // Below 32 the lower right sample is not covered; a pattern of four or more is drawn by its complement.
      let pattern = pattern.nonzeroBitCount <= 3 ? pattern : 63 - pattern
      return (Self.sextant(pattern), { x, y in pattern >> (2 * y + x) & 1 == 1 })
    })

  /// The character whose samples are the bits of `pattern`, rows from the top, left before right.
  ///
  /// The block holds the patterns in order, but for those that are older: none, left half, right half, all.
  private static func sextant(_ pattern: Int) -> Character {
    switch pattern {
    case 21: return "▌"
    case 42: return "▐"
    default:
      let code = 0x1FB00 + pattern - 1 - (pattern > 21 ? 1 : 0) - (pattern > 42 ? 1 : 0)
      return Unicode.Scalar(UInt32(code)).map(Character.init) ?? " "
    }
  }
}
