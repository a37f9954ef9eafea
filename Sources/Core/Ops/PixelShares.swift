import CKernels

/// The shares of the pixels in each channel: the softmax of every channel over the map.
///
///     a[n, p, k] = exp(z[n, p, k]) / Σ_q exp(z[n, q, k])
///
/// With ``TokenSums`` they make the mean of another map where each class is thought to be, its "object region
/// representation": "Object-Contextual Representations" (arXiv:1909.11065), equation 2; `regionCentresReference` is the
/// specification of both together.
struct PixelShares: Operation {
  var kernels = Kernels.current

  var summary: String { "shares of pixels" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

  /// A channel, for each thread.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    threads.count * roundedToCacheLine(inputs[0].h * inputs[0].w)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (shape, pixels) = (output.shape, output.shape.h * output.shape.w)
    threads.forEach(shape.n * shape.c) { task, worker in
      let channel = scratch + worker * roundedToCacheLine(pixels)
      let first = shape.firstPixel(ofChannel: task)
      for p in 0..<pixels { channel[p] = inputs[0].base[first + p * shape.c] }
      Softmax.apply(to: channel, rows: 1, count: pixels)
      for p in 0..<pixels { output.base[first + p * shape.c] = channel[p] }
    }
  }
}

extension Shape {
  /// Where a channel begins, of those of all images.
  fileprivate func firstPixel(ofChannel index: Int) -> Int {
    let (n, k) = index.quotientAndRemainder(dividingBy: c)
    return n * h * w * c + k
  }
}

extension PixelShares: DifferentiableOperation {
  /// ∂z by ``PixelSharesGradient``.
  func gradients(of step: Pullback) -> [Value?] {
    [
      step.gradient(of: 0) {
        step.output.applying(
          PixelSharesGradient(kernels: kernels), to: step.cotangent, named: step.name + " ∂z")
      }
    ]
  }
}

/// The gradient of the scores of ``PixelShares``: ∂z_p = a_p · (∂a_p − Σ_q a_q · ∂a_q), channel by channel.
///
/// Inputs: a and ∂a.
struct PixelSharesGradient: Operation {
  let kernels: Kernels

  var summary: String { "gradient of shares of pixels" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

  /// A channel of both, for each thread.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    2 * threads.count * roundedToCacheLine(inputs[0].h * inputs[0].w)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (shape, pixels) = (output.shape, output.shape.h * output.shape.w)
    let row = roundedToCacheLine(pixels)
    threads.forEach(shape.n * shape.c) { task, worker in
      let shares = scratch + 2 * worker * row
      let gradient = shares + row
      let first = shape.firstPixel(ofChannel: task)
      for p in 0..<pixels {
        shares[p] = inputs[0].base[first + p * shape.c]
        gradient[p] = inputs[1].base[first + p * shape.c]
      }
      kernels.leaves.softmax_gradient(shares, pixels, 1, gradient)
      for p in 0..<pixels { output.base[first + p * shape.c] = gradient[p] }
    }
  }
}
