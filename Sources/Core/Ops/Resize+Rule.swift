extension Resize {
  /// Where the pixels of a resized grid look, on the grid that is resized.
  public enum Rule: Sendable, Hashable, CaseIterable {
    /// Bilinear; the centres of the corner pixels coincide: i·(size − 1)/(resized − 1), `align_corners=True`.
    case aligned
    /// Bilinear; the edges coincide: (i + ½)·size/resized − ½, which stays at the ends; `align_corners=False`.
    case centred
    /// One pixel, ⌊i·size/resized⌋: PyTorch's `nearest`.
    case nearest

    /// Where the samples of a line that was resized from `size` to `resized` lie on it.
    func positions(size: Int, resized: Int) -> LinePositions {
      switch self {
      case .aligned: .aligned(size: size, resized: resized)
      case .centred: .centred(size: size, resized: resized)
      case .nearest: .nearest(size: size, resized: resized)
      }
    }

    /// The neighbours of all those samples.
    func neighbours(size: Int, resized: Int) -> [LinePositions.Neighbours] {
      positions(size: size, resized: resized).neighbours(count: resized, size: size)
    }

    /// For example "bilinear resize".
    var summary: String {
      switch self {
      case .aligned: "bilinear resize"
      case .centred: "half-pixel bilinear resize"
      case .nearest: "nearest resize"
      }
    }
  }
}
