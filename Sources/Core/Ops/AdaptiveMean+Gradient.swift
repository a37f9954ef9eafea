import CKernels

extension AdaptiveMean: DifferentiableOperation {
  /// ∂x by ``AdaptiveMeanGradient``.
  func gradients(of step: Pullback) -> [Value?] {
    let x = step.inputs[0].shape
    return [
      step.gradient(of: 0) {
        step.cotangent.applying(
          AdaptiveMeanGradient(height: x.h, width: x.w), named: step.name + " ∂x")
      }
    ]
  }
}

/// The gradient of the input of means over bins: each pixel gathers its share of every bin that it lies in.
///
/// Input: ∂y on the grid of bins; the result lies on x's grid.
struct AdaptiveMeanGradient: Operation {
  /// The grid of x.
  let height, width: Int
  var kernels = Kernels.current

  init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  var summary: String { "gradient of means over bins" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0].resized(h: height, w: width) }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (dy, c) = (inputs[0], inputs[0].shape.c)
    let vertical = (0..<dy.shape.h).map { AdaptiveMean.bin($0, of: dy.shape.h, size: height) }
    let horizontal = (0..<dy.shape.w).map { AdaptiveMean.bin($0, of: dy.shape.w, size: width) }
    threads.forEach(dy.shape.n * height, by: 4) { lines, _ in
      for line in lines {
        let (n, row) = line.quotientAndRemainder(dividingBy: height)
        let target = output.base + line * width * c
        target.update(repeating: 0, count: width * c)
        for (i, rows) in vertical.enumerated() where rows.contains(row) {
          for (j, columns) in horizontal.enumerated() {
            let gradient = dy.base + ((n * dy.shape.h + i) * dy.shape.w + j) * c
            let share = 1 / Float(rows.count * columns.count)
            for column in columns {
              kernels.leaves.add_scaled(gradient, c, share, target + column * c)
            }
          }
        }
      }
    }
  }
}
