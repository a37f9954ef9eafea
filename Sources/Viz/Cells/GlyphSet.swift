/// Which characters pictures are made of.
public enum GlyphSet: String, Sendable, CaseIterable {
  /// Half, quadrant and eighth blocks: the finest that every font has.
  case blocks
  /// Half blocks, quadrants, sextants.
  case half, quad, sextant
  /// Brightness as ASCII characters, classes as letters.
  case ascii, letters
}
