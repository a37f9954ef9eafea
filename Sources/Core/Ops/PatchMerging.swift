/// The four pixels of each 2×2 patch side by side in one: how Swin halves its grids.
///
///     y[i, j] = x[2i, 2j] ‖ x[2i + 1, 2j] ‖ x[2i, 2j + 1] ‖ x[2i + 1, 2j + 1]
///
/// Input: x `[n, h, w, c]`; the result is `[n, ⌈h / 2⌉, ⌈w / 2⌉, 4·c]`, with zeros for pixels past the edge. The order (rows
/// before columns) is that of the authors' code, timm, torchvision and transformers.
struct PatchMerging: Operation {
  /// Row and column of the pixels of a patch, in their order.
  static let places = [(0, 0), (1, 0), (0, 1), (1, 1)]

  var summary: String { "2×2 patches" }

  func outputShape(for inputs: [Shape]) -> Shape {
    let x = inputs[0]
    return Shape(n: x.n, h: (x.h + 1) / 2, w: (x.w + 1) / 2, c: 4 * x.c)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, y, c) = (inputs[0], output, inputs[0].shape.c)
    threads.forEach(y.shape.n * y.shape.h, by: 4) { lines, _ in
      for line in lines {
        let (n, i) = line.quotientAndRemainder(dividingBy: y.shape.h)
        for j in 0..<y.shape.w {
          let patch = y.base + (line * y.shape.w + j) * y.shape.c
          for (k, place) in Self.places.enumerated() {
            let (row, column) = (2 * i + place.0, 2 * j + place.1)
            if row < x.shape.h && column < x.shape.w {
              (patch + k * c).update(
                from: x.base + ((n * x.shape.h + row) * x.shape.w + column) * c, count: c)
            } else {
              (patch + k * c).update(repeating: 0, count: c)
            }
          }
        }
      }
    }
  }
}
