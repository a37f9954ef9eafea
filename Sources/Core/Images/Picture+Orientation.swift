extension Picture {
  /// The picture as the scene stood, from one that is stored in `orientation`.
  ///
  /// Size `height × width` for the orientations that lie on their side.
  public func upright(from orientation: EXIFOrientation) -> Picture {
    if orientation == .topLeft { return self }
    let (wide, high) = orientation.swapsSides ? (height, width) : (width, height)
    let (right, bottom) = (width - 1, (height - 1) * width)
    // Upright pixel (x, y) is stored pixel `origin + x · alongRow + y · alongColumn`.
    let (origin, alongRow, alongColumn) =
      switch orientation {
      case .topLeft: (0, 1, width)
      case .topRight: (right, -1, width)
      case .bottomRight: (bottom + right, -1, -width)
      case .bottomLeft: (bottom, 1, -width)
      case .leftTop: (0, width, 1)
      case .rightTop: (bottom, -width, 1)
      case .rightBottom: (bottom + right, -width, -1)
      case .leftBottom: (right, width, -1)
      }
    let turned = [UInt8](unsafeUninitializedCapacity: samples.count) { target, count in
      samples.withUnsafeBufferPointer { source in
        copyPixels(
          from: source, origin: origin, alongRow: alongRow, alongColumn: alongColumn,
          to: target, width: wide, height: high)
      }
      count = samples.count
    }
    return Picture(width: wide, height: high, samples: turned)
  }
}

/// Fills `target`, `height` rows of `width` RGB pixels, from pixels of `source` at constant steps.
///
/// It goes by tiles, so that a walk along columns finds its cache lines again.
private func copyPixels(
  from source: UnsafeBufferPointer<UInt8>, origin: Int, alongRow: Int, alongColumn: Int,
  to target: UnsafeMutableBufferPointer<UInt8>, width: Int, height: Int
) {
  let side = 32
  for top in stride(from: 0, to: height, by: side) {
    for left in stride(from: 0, to: width, by: side) {
      for y in top..<min(top + side, height) {
        var from = 3 * (origin + left * alongRow + y * alongColumn)
        var to = 3 * (y * width + left)
        for _ in left..<min(left + side, width) {
          target[to] = source[from]
          target[to + 1] = source[from + 1]
          target[to + 2] = source[from + 2]
          from += 3 * alongRow
          to += 3
        }
      }
    }
  }
}
