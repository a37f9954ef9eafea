/// The most likely class of every pixel, from logits on a coarser grid.
///
/// The logits are resized (bilinear, aligned corners) to the size of the network's input and their largest class is
/// taken, row by row: the K × H × W array of resized logits, 62 MB for 59 classes at 513×513, never exists. The same
/// arithmetic as ``Resize``, so the labels are those of the resized logits to the last bit.
public enum ResizedArgmax {
  /// The classes of the upper left `width` × `height` pixels of the first image of `logits` resized to `padded`; of
  /// equal logits the first class wins.
  public static func labels(
    of logits: TensorView, padded: (height: Int, width: Int), height: Int, width: Int,
    threads: Threads
  ) -> LabelMap {
    precondition(
      height <= padded.height && width <= padded.width,
      "a \(width)×\(height) picture does not fit its padding to \(padded.width)×\(padded.height)")
    let vertical = AlignedCorners(size: logits.shape.h, resized: padded.height)
    let horizontal = AlignedCorners(size: logits.shape.w, resized: padded.width)
    let row = logits.shape.w * logits.shape.c
    let scratch = UnsafeMutablePointer<Float>.allocate(capacity: threads.count * (row + 16))
    defer { scratch.deallocate() }
    let values = [UInt16](unsafeUninitializedCapacity: width * height) { labels, count in
      guard let labels = labels.baseAddress else { return }
      threads.forEach(height, by: 4) { rows, worker in
        let mixed = scratch + worker * (row + 16)
        for i in rows {
          mixRows(of: logits, image: 0, at: vertical.neighbours(of: i), into: mixed)
          for j in 0..<width {
            let (first, second, share) = horizontal.neighbours(of: j)
            labels[i * width + j] = largestClass(
              mixed + first * logits.shape.c, mixed + second * logits.shape.c, share,
              count: logits.shape.c)
          }
        }
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
