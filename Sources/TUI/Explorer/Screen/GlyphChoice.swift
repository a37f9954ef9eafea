import Viz

/// Which glyphs a screen can draw pictures with.
extension TerminalFeatures {
  /// Whether blocks come out right; without colours all of them look the same.
  var showsBlocks: Bool { depth != .none && glyphs.contains(.blocks) }

  /// The glyphs to draw with where `wanted` are: letters of classes without colour, ASCII where the font has no blocks.
  ///
  /// Sextants stay for who asks for them; whether a font has them is not always known.
  func nearest(to wanted: GlyphSet) -> GlyphSet {
    if showsBlocks || wanted == .ascii || wanted == .letters { return wanted }
    return depth == .none ? .letters : .ascii
  }

  /// The glyphs after `current` that can be drawn.
  func glyphs(after current: GlyphSet) -> GlyphSet {
    var next = current.next
    while nearest(to: next) != next { next = next.next }
    return next
  }
}
