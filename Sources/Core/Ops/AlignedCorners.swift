/// Where the samples of a resized line fall: bilinear interpolation with aligned corners, along one axis.
///
/// Output i reads at the position i·(size − 1)/(resized − 1) of the input, so first and last samples coincide
/// (`align_corners=True`; iSeg's `resize_image`). A line of one output reads position 0.
struct AlignedCorners {
  /// How many samples there are before and after.
  let size, resized: Int

  /// The two neighbours of output `i` and the share of the second, in [0, 1).
  @inline(__always)
  func neighbours(of i: Int) -> (first: Int, second: Int, share: Float) {
    guard resized > 1 else { return (0, 0, 0) }
    // Exact in integers: the share is the remainder of one division, not a difference of rounded positions.
    let (first, remainder) = (i * (size - 1)).quotientAndRemainder(dividingBy: resized - 1)
    return (first, min(first + 1, size - 1), Float(remainder) / Float(resized - 1))
  }
}
