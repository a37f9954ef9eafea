import Core

/// Which picture glyphs come out right.
struct GlyphSupport: OptionSet, Hashable, Sendable {
  let rawValue: UInt8

  /// Half, quadrant and eighth blocks, U+2580 … U+259F.
  static let blocks = GlyphSupport(rawValue: 1)
  /// Sextants, U+1FB00 … U+1FB3B.
  static let sextants = GlyphSupport(rawValue: 2)
  /// Octants, U+1CD00 … U+1CDE5.
  static let octants = GlyphSupport(rawValue: 4)
}

/// What a screen can show, as far as is known.
struct TerminalFeatures: Equatable, Sendable {
  var depth: ColourDepth
  /// Empty where pictures have to be drawn in ASCII.
  var glyphs: GlyphSupport
  /// The colour behind text without colours.
  var background: RGB?
  /// A cell's size in pixels.
  var cellPixels: CellPixels?

  /// A size in pixels.
  struct CellPixels: Equatable, Sendable {
    let width, height: Int

    /// `nil` for sizes that no cell has, which some terminals give instead of saying nothing.
    init?(width: Int, height: Int) {
      guard 2...512 ~= width, 2...512 ~= height else { return nil }
      self.width = width
      self.height = height
    }
  }

  /// Height over width of a cell; 2 where the terminal does not say.
  var cellAspect: Double { cellPixels.map { Double($0.height) / Double($0.width) } ?? 2 }

  /// Whether text is dark on a light ground; dark ground where the terminal does not say.
  var hasLightBackground: Bool { background.map { $0.luma > 0.5 } ?? false }
}

extension RGB {
  /// Rough lightness from 0 to 1 by the weights of ITU-R BT.601, enough to tell a light ground from a dark one.
  fileprivate var luma: Double {
    (0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue)) / 255
  }
}
