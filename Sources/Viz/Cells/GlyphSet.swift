/// What pictures are drawn with in cells of text.
public enum GlyphSet: String, Sendable, CaseIterable {
  /// Halves, quadrants and eighths: U+2580 to U+259F, which every font and terminal has.
  case blocks
  /// Upper halves only: two pixels a cell.
  case half
  /// Quadrants: two colours on 2 × 2 pixels a cell.
  case quad
  /// Sextants, U+1FB00 to U+1FB3B: two colours on 2 × 3 pixels a cell; not in every font.
  case sextant
  /// A ramp of ASCII characters from empty to full, one a cell; label maps are letters.
  case ascii
  /// A letter for each class; pictures are as in `ascii`.
  case letters

  /// What it looks like, in a few words.
  public var summary: String {
    switch self {
    case .blocks: "halves, quadrants and eighths; sharpest on any terminal"
    case .half: "half blocks; exact colours, two pixels a cell"
    case .quad: "quadrants; two colours on 2×2 pixels a cell"
    case .sextant: "sextants; two colours on 2×3 pixels a cell, for terminals that draw them"
    case .ascii: "ASCII characters by brightness"
    case .letters: "a letter for each class"
    }
  }

  /// The set after this one, the first after the last.
  public var next: GlyphSet {
    let sets = Self.allCases
    return sets[((sets.firstIndex(of: self) ?? 0) + 1) % sets.count]
  }

  /// The splits of a cell, coarse before fine; empty where cells are not split.
  public var splits: [Split] { table.splits }

  /// The split table; the grid of `ascii` and `letters` is one sample.
  var table: SplitTable {
    switch self {
    case .blocks: .blocks
    case .half: .half
    case .quad: .quadrants
    case .sextant: .sextants
    case .ascii, .letters: .whole
    }
  }
}
