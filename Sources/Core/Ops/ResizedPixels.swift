/// The pixels of a picture over logits on a coarser grid, one after the other, without an array of resized logits.
enum ResizedPixels {
  /// Calls `body(pixel, a, b, share)` for the upper left `width` × `height` pixels of the first image of `logits` resized
  /// (bilinear, aligned corners) to `padded`; the pixel's logits are (1 − share)·a + share·b.
  ///
  /// `a` and `b` hold one value a class and may be read up to 15 values too far, in whole vectors. The arithmetic is that
  /// of ``Resize``: rows are mixed downwards first.
  @inline(__always)
  static func forEach(
    of logits: TensorView, padded: (height: Int, width: Int), height: Int, width: Int,
    threads: Threads,
    _ body: (_ pixel: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ share: Float) ->
      Void
  ) {
    precondition(
      height <= padded.height && width <= padded.width,
      "a \(width)×\(height) picture does not fit its padding to \(padded.width)×\(padded.height)")
    let vertical = AlignedCorners(size: logits.shape.h, resized: padded.height)
    let horizontal = AlignedCorners(size: logits.shape.w, resized: padded.width)
    let classes = logits.shape.c
    let room = logits.shape.w * classes + 16
    let scratch = UnsafeMutablePointer<Float>.allocate(capacity: threads.count * room)
    scratch.initialize(repeating: 0, count: threads.count * room)
    defer { scratch.deallocate() }
    threads.forEach(height, by: 4) { rows, worker in
      let mixed = scratch + worker * room
      for i in rows {
        mixRows(of: logits, image: 0, at: vertical.neighbours(of: i), into: mixed)
        for j in 0..<width {
          let (first, second, share) = horizontal.neighbours(of: j)
          body(i * width + j, mixed + first * classes, mixed + second * classes, share)
        }
      }
    }
  }
}
