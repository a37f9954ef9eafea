/// A small bitmap typeface for captions and legends, drawn for this project.
///
/// Printable ASCII and `· × ▸ – − … °`; other characters are drawn as a box. Glyphs are up to seven
/// pixels wide with one between them, and digits are equally wide; capitals are seven high,
/// descenders reach two below them. Enlarged by whole numbers, diagonals are smoothed.
public enum PixelFont {
  /// Height of a line in pixels at scale 1: seven of capitals, two of descenders, one of paper.
  public static let lineHeight = GlyphArt.height + 1
  /// Height of capitals and digits, which begin at the top of a line, in pixels at scale 1.
  public static let capitalHeight = 7
  /// Paper between two glyphs, in pixels at scale 1.
  static let spacing = 1

  /// Width and height in pixels of the box that `text` fills when drawn.
  ///
  /// The width ends with the last glyph, the height is that of a line. Texts are single lines: a line break is a character without a drawing.
  public static func size(of text: String, scale: Int = 1) -> (width: Int, height: Int) {
    precondition(scale > 0, "text is drawn at scales from 1, not \(scale)")
    let width = text.reduce(0) { $0 + glyph($1).width + spacing }
    return (scale * max(0, width - spacing), scale * lineHeight)
  }

  /// The scale at which text reads well beside or on a picture `width` pixels wide, `1…8`.
  ///
  /// One for thumbnails, two for 480 pixels, three for 960, six for 2048: on paper or scaled to a
  /// screen, pictures with captions look the same at every resolution.
  public static func scale(beside width: Int) -> Int {
    min(max((width + 160) / 320, 1), 8)
  }

  /// The drawing of `character`; that of the box for those without one.
  static func glyph(_ character: Character) -> Glyph {
    glyphs[character] ?? unknown
  }

  private static let unknown = glyphs[GlyphArt.unknown] ?? Glyph(drawn: [])
  private static let glyphs: [Character: Glyph] = {
    var glyphs = Glyph.alphabet(GlyphArt.bands)
    // Spaces that keep words together, as between a number and its unit.
    glyphs["\u{A0}"] = glyphs[" "]
    glyphs["\u{202F}"] = glyphs[" "]
    return glyphs
  }()
}
