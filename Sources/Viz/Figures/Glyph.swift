/// The pixels of one character.
struct Glyph: Hashable {
  /// Columns of pixels.
  let width: Int
  /// One number a row from the top; bit x is set where column x has ink.
  let rows: [UInt8]

  /// A glyph from its drawing: `#` is ink, blanks after the paper do not count.
  init(drawn lines: [[Character]]) {
    width = lines.map { line in line.prefix { $0 != " " }.count }.max() ?? 0
    rows = lines.map { line in
      line.enumerated().reduce(0) { bits, pixel in
        pixel.element == "#" ? bits | 1 << UInt8(pixel.offset) : bits
      }
    }
  }

  /// Whether the pixel has ink; there is none outside.
  func hasInk(x: Int, y: Int) -> Bool {
    rows.indices.contains(y) && (0..<width).contains(x) && rows[y] >> UInt8(x) & 1 == 1
  }
}

extension Glyph {
  /// The drawings of all characters, read from their bands.
  static func alphabet(_ bands: String) -> [Character: Glyph] {
    let lines = bands.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
    var glyphs: [Character: Glyph] = [:]
    for band in stride(from: 0, to: lines.count, by: GlyphArt.height + 2) {
      let drawing = lines[(band + 1)...].prefix(GlyphArt.height)
      for start in stride(from: 0, to: lines[band].count, by: GlyphArt.pitch) {
        glyphs[lines[band][start]] = Glyph(
          drawn: drawing.map { Array($0.dropFirst(start).prefix(GlyphArt.pitch)) })
      }
    }
    return glyphs
  }
}
