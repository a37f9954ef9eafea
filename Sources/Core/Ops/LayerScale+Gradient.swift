import CKernels

extension LayerScale: DifferentiableOperation {
  /// ∂x = γ · ∂y, ∂γ = Σ ∂y · x over all pixels, ∂r = ∂y.
  func gradients(of step: Pullback) -> [Value?] {
    let (x, gamma, dy) = (step.inputs[0], step.inputs[1], step.cotangent)
    return [
      step.gradient(of: 0) { dy.applying(self, to: gamma, named: step.name + " ∂x") },
      step.gradient(of: 1) {
        x.applying(ChannelProducts(kernels), to: dy, named: step.name + " ∂γ")
      },
    ] + (step.inputs.count > 2 ? [step.gradient(of: 2) { dy }] : [])
  }
}

/// Sums of x · y over all pixels of a batch, for each channel.
///
/// Inputs: x and y `[n, h, w, c]`; the result is `[1, 1, 1, c]`.
struct ChannelProducts: Operation {
  private let kernels: Kernels

  init(_ kernels: Kernels) { self.kernels = kernels }

  var summary: String { "sums of products over pixels" }

  func outputShape(for inputs: [Shape]) -> Shape { Shape(h: 1, w: 1, c: inputs[0].c) }

  /// Zeros, for a scale, a shift and a mean, and the sums of each block.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    inputs[0].c + ChannelBlocks(inputs[0]).scratchCount
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, y, c) = (inputs[0], inputs[1], inputs[0].shape.c)
    scratch.update(repeating: 0, count: c)
    var norm = hfgd_norm(
      scale: scratch, shift: scratch, mean: scratch, low: -.infinity, high: .infinity)
    withUnsafePointer(to: &norm) { norm in
      nonisolated(unsafe) let norm = norm
      let sums = ChannelBlocks(x.shape).sums(scratch + c, threads) { pixels, sum, products in
        let start = pixels.lowerBound * c
        kernels.leaves.gradient_sums(
          norm, x.base + start, y.base + start, pixels.count, c, sum, products)
      }
      for channel in 0..<c { output.base[channel] = Float(sums.second[channel]) }
    }
  }
}
