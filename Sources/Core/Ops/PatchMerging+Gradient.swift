extension PatchMerging: DifferentiableOperation {
  /// ∂x by ``PatchMergingGradient``.
  func gradients(of step: Pullback) -> [Value?] {
    let x = step.inputs[0].shape
    return [
      step.gradient(of: 0) {
        step.cotangent.applying(
          PatchMergingGradient(height: x.h, width: x.w), named: step.name + " ∂x")
      }
    ]
  }
}

/// The gradient of patch merging: each pixel has its part of its patch's.
///
/// Input: ∂y `[n, ⌈h / 2⌉, ⌈w / 2⌉, 4·c]`; the result is `[n, h, w, c]`.
struct PatchMergingGradient: Operation {
  let height, width: Int

  var summary: String { "gradient of 2×2 patches" }

  func outputShape(for inputs: [Shape]) -> Shape {
    Shape(n: inputs[0].n, h: height, w: width, c: inputs[0].c / 4)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (dy, c) = (inputs[0], output.shape.c)
    threads.forEach(output.shape.n * height, by: 8) { lines, _ in
      for line in lines {
        let (n, row) = line.quotientAndRemainder(dividingBy: height)
        for column in 0..<width {
          // The places of a patch are counted down its columns.
          let part = 2 * (column % 2) + row % 2
          let patch = (n * dy.shape.h + row / 2) * dy.shape.w + column / 2
          (output.base + (line * width + column) * c)
            .update(from: dy.base + (4 * patch + part) * c, count: c)
        }
      }
    }
  }
}
