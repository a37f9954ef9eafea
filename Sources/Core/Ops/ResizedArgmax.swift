/// The most likely class of every pixel, from logits on a coarser grid.
///
/// The logits are resized (bilinear) to the picture's pixels and their largest class is taken, row by row: the K × H × W array of resized logits, 62 MB for 59 classes at 513×513, never exists. The same
/// arithmetic as ``Resize``, so the labels are those of the resized logits to the last bit.
enum ResizedArgmax {
  /// The class of each pixel of `grid` over the first image of `logits`; of equal logits the first class wins.
  static func labels(
    of logits: TensorView, at grid: ResizedPixels, threads: Threads
  ) -> LabelMap {
    let (width, height) = (grid.width, grid.height)
    let classes = logits.shape.c
    let values = [UInt16](unsafeUninitializedCapacity: width * height) { labels, count in
      guard let labels = labels.baseAddress else { return }
      grid.forEach(of: logits, threads: threads) { pixel, a, b, share in
        labels[pixel] = largestClass(a, b, share, count: classes)
      }
      count = width * height
    }
    return LabelMap(width: width, height: height, values: values)
  }

  /// The index of the largest of (1 − share)·a + share·b; `a` and `b` may be read up to 15 values too far.
  @inline(__always)
  private static func largestClass(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ share: Float, count: Int
  ) -> UInt16 {
    var best = Lanes(repeating: -.infinity)
    var bestBase = SIMD16<Int32>(repeating: 0)
    var c = 0
    while c < count {
      let first = (a + c).lanes
      var value = first + ((b + c).lanes - first) * share
      if c + 16 > count {
        value.replace(with: -.infinity, where: Self.lane .>= Int32(count - c))
      }
      let isLarger = value .> best
      best.replace(with: value, where: isLarger)
      bestBase.replace(with: Int32(c), where: isLarger)
      c += 16
    }
    // Among the lanes that hold the maximum, the smallest class.
    let classes = (bestBase &+ Self.lane).replacing(with: .max, where: best .< best.max())
    return UInt16(truncatingIfNeeded: classes.min())
  }

  private static let lane = SIMD16<Int32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
}
