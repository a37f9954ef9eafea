import CKernels

/// Where the samples of a line fall on another line: sample i at (offset + step · i) / denominator, an exact fraction.
///
/// Resizing, cutting and mirroring are such maps, and so is what they make one after the other: a picture's pixel is
/// looked up in logits on a coarser grid once, without a rounded position in between.
struct LinePositions: Sendable, Equatable {
  // Three sizes of 17 bits may meet in one product, and the sample's number with them.
  private var offset, step, denominator: Int128
  /// Whether each sample takes the whole of the one at or before its position.
  private var isFloored = false

  private init(_ offset: Int, _ step: Int, over denominator: Int) {
    self.offset = Int128(offset)
    self.step = Int128(step)
    self.denominator = Int128(denominator)
  }

  /// Every sample where it is.
  static let identity = LinePositions(0, 1, over: 1)

  /// A line of `size` samples resized to `resized` so that the first and last samples coincide.
  ///
  /// i·(size − 1)/(resized − 1): `align_corners=True`, iSeg's `resize_image`. A line of one sample reads position 0.
  static func aligned(size: Int, resized: Int) -> LinePositions {
    resized > 1 ? LinePositions(0, size - 1, over: resized - 1) : LinePositions(0, 0, over: 1)
  }

  /// A line of `size` samples resized to `resized` so that the ends of the outer samples coincide.
  ///
  /// (i + ½)·size/resized − ½: `align_corners=False`, OpenCV.
  static func centred(size: Int, resized: Int) -> LinePositions {
    LinePositions(size - resized, 2 * size, over: 2 * resized)
  }

  /// A line of `size` samples resized to `resized`, each of which is one of them: ⌊i·size/resized⌋, PyTorch's `nearest`.
  static func nearest(size: Int, resized: Int) -> LinePositions {
    var positions = LinePositions(0, size, over: resized)
    positions.isFloored = true
    return positions
  }

  /// A line of `size` samples read from its end.
  static func mirrored(size: Int) -> LinePositions { LinePositions(size - 1, -1, over: 1) }

  /// The positions on a further line: where that one's sample p lies, for each position p of this line.
  func on(_ next: LinePositions) -> LinePositions {
    precondition(!isFloored, "positions that are rounded down may only come last")
    var positions = next
    positions.offset = next.offset * denominator + next.step * offset
    positions.step = next.step * step
    positions.denominator = next.denominator * denominator
    return positions
  }

  /// A sample of a resized line: the two neighbours that it lies between, and the share of the second, in [0, 1).
  typealias Neighbours = hfgd_sample

  /// The neighbours of sample `i` on a line of `size` samples, whose ends go on for ever.
  func neighbours(of i: Int, size: Int) -> Neighbours {
    let numerator = offset + step * Int128(i)
    let end = denominator * Int128(size - 1)
    let (first, remainder) = min(max(numerator, 0), end).quotientAndRemainder(
      dividingBy: denominator)
    if isFloored { return Neighbours(first: Int(first), second: Int(first), share: 0) }
    return Neighbours(
      first: Int(first), second: min(Int(first) + 1, size - 1),
      // Rounded to double and then to float is rounded once: the fraction's terms have less than half of double's bits.
      share: Float(Double(remainder) / Double(denominator)))
  }

  /// The neighbours of samples 0 ..< `count`.
  func neighbours(count: Int, size: Int) -> [Neighbours] {
    (0..<count).map { neighbours(of: $0, size: size) }
  }
}
