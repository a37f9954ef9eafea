extension Resize: DifferentiableOperation {
  /// ∂x by ``ResizeGradient``; the addend's gradient is that of the sum.
  func gradients(of step: Pullback) -> [Value?] {
    precondition(activation == .identity, "the activation of a resizing is not trained")
    let x = step.inputs[0].shape
    return [
      step.gradient(of: 0) {
        step.cotangent.applying(
          ResizeGradient(height: x.h, width: x.w, rule: rule), named: step.name + " ∂x")
      }
    ] + (step.inputs.count > 1 ? [step.gradient(of: 1) { step.cotangent }] : [])
  }
}

/// The gradient of a resizing's input: each pixel gathers from the samples that looked at it.
///
///     ∂x[n, r, q, c] = Σ_{i, j} V[i, r] · H[j, q] · ∂y[n, i, j, c],
///
/// V and H being the shares that ``Resize`` gives its neighbours. Input: ∂y; the result lies on x's grid.
struct ResizeGradient: Operation {
  /// The grid of x.
  let height, width: Int
  /// The resizing's.
  let rule: Resize.Rule
  var kernels = Kernels.current

  init(height: Int, width: Int, rule: Resize.Rule) {
    self.height = height
    self.width = width
    self.rule = rule
  }

  var summary: String { "gradient of \(rule.summary)" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0].resized(h: height, w: width) }

  /// One row of ∂y per thread, mixed downwards.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    threads.count * inputs[0].w * inputs[0].c
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let dy = inputs[0]
    let vertical = rule.neighbours(size: height, resized: dy.shape.h)
    let horizontal = rule.neighbours(size: width, resized: dy.shape.w)
    // The samples that looked at each row, with their shares; a line's end may be both neighbours of a sample.
    var readers = [[(row: Int, share: Float)]](repeating: [], count: height)
    for (i, sample) in vertical.enumerated() {
      readers[sample.first].append((i, 1 - sample.share))
      readers[sample.second].append((i, sample.share))
    }
    let (c, row) = (dy.shape.c, dy.shape.w * dy.shape.c)
    threads.forEach(dy.shape.n * height, by: 4) { lines, worker in
      let mixed = scratch + worker * row
      for line in lines {
        let (n, r) = line.quotientAndRemainder(dividingBy: height)
        mixed.update(repeating: 0, count: row)
        for reader in readers[r] where reader.share != 0 {
          kernels.leaves.add_scaled(
            dy.base + (n * dy.shape.h + reader.row) * row, row, reader.share, mixed)
        }
        let target = output.base + line * width * c
        target.update(repeating: 0, count: width * c)
        kernels.leaves.resize_row_gradient(mixed, horizontal, dy.shape.w, c, target)
      }
    }
  }
}
