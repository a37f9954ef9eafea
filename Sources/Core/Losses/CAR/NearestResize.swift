/// Labels on a coarser grid: the nearest pixel with aligned corners, halves rounded away from zero.
///
/// Input: `[n, H, W, 1]`.
struct NearestResize: Operation {
  let height, width: Int

  var summary: String { "nearest resize to \(width)×\(height)" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0].resized(h: height, w: width) }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let x = inputs[0]
    func place(_ i: Int, _ size: Int, _ resized: Int) -> Int {
      // ⌊i·(size − 1)/(resized − 1) + ½⌋ in whole numbers.
      resized > 1 ? (2 * i * (size - 1) + resized - 1) / (2 * (resized - 1)) : 0
    }
    for n in 0..<x.shape.n {
      for i in 0..<height {
        let row = x.base + (n * x.shape.h + place(i, x.shape.h, height)) * x.shape.w * x.shape.c
        for j in 0..<width {
          let source = row + place(j, x.shape.w, width) * x.shape.c
          (output.base + ((n * height + i) * width + j) * x.shape.c)
            .update(from: source, count: x.shape.c)
        }
      }
    }
  }
}
