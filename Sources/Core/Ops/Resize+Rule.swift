extension Resize {
  /// Where the pixels of a resized grid look, on the grid that is resized.
  public enum Rule: Sendable, Hashable, CaseIterable {
    /// Bilinear; the centres of the corner pixels coincide: i·(size − 1)/(resized − 1), `align_corners=True`.
    case aligned
    /// Bilinear; the edges coincide: (i + ½)·size/resized − ½, which stays at the ends; `align_corners=False`.
    case centred
    /// One pixel, ⌊i·size/resized⌋: PyTorch's `nearest`.
    case nearest

    /// The neighbours of all samples of a line of `size` that is resized to `resized`, with their shares.
    func neighbours(size: Int, resized: Int) -> [LinePositions.Neighbours] {
      switch self {
      case .aligned:
        LinePositions.aligned(size: size, resized: resized).neighbours(count: resized, size: size)
      case .centred:
        LinePositions.centred(size: size, resized: resized).neighbours(count: resized, size: size)
      case .nearest:
        (0..<resized).map { i in
          let place = i * size / resized
          return LinePositions.Neighbours(first: place, second: place, share: 0)
        }
      }
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
