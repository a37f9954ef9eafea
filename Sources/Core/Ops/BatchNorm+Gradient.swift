import CKernels

/// The sums that batch norm's gradients are made of.
///
///     ∂β = Σ g,   ∂γ = Σ g · x̂,   x̂ = (x − μ) / √(σ² + ε),
///
/// over all pixels, g being what of ∂y passes the activation. Inputs: x, statistics, γ, β, ∂y; the result is `[1, 1, 2, c]`,
/// ∂β first.
struct BatchNormSums: Operation {
  private let norm: BatchNorm

  init(_ norm: BatchNorm) { self.norm = norm }

  var summary: String { "sums of batch norm's gradient" }

  func outputShape(for inputs: [Shape]) -> Shape { Shape(h: 1, w: 2, c: inputs[0].c) }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    2 * inputs[0].c + ChannelBlocks(inputs[0]).scratchCount
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, dy) = (inputs[0], inputs[4])
    let c = x.shape.c
    var parameters = hfgd_norm(inputs, epsilon: norm.epsilon, norm.activation, scratch)
    let sums = withUnsafePointer(to: &parameters) { parameters in
      nonisolated(unsafe) let parameters = parameters
      return ChannelBlocks(x.shape).sums(scratch + 2 * c, threads) { pixels, sum, products in
        let start = pixels.lowerBound * c
        norm.kernels.leaves.gradient_sums(
          parameters, x.base + start, dy.base + start, pixels.count, c, sum, products)
      }
    }
    for channel in 0..<c {
      let deviation = (Double(inputs[1].base[c + channel]) + norm.epsilon).squareRoot()
      output.base[channel] = Float(sums.first[channel])
      output.base[c + channel] = Float(sums.second[channel] / deviation)
    }
  }
}

/// The gradient of batch norm's input, through its statistics as well.
///
///     ∂x = γ / √(σ² + ε) · ( g − ∂β / m − x̂ · ∂γ / m ),   m = shares · n · h · w
///
/// Inputs: x, statistics, γ, β, ∂y and ``BatchNormSums``. Ioffe and Szegedy, arXiv:1502.03167, §3.
struct BatchNormGradient: Operation {
  private let norm: BatchNorm
  /// How many processes share the batch that statistics and sums are of.
  private let shares: Int

  init(_ norm: BatchNorm, shares: Int = 1) {
    self.norm = norm
    self.shares = shares
  }

  var summary: String { "batch norm's gradient" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

  /// ∂y, of which each value is read once.
  var overwritableInput: Int? { 4 }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int { 5 * inputs[0].c }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, dy, sums) = (inputs[0], inputs[4], inputs[5].base)
    let c = x.shape.c
    var parameters = hfgd_norm(inputs, epsilon: norm.epsilon, norm.activation, scratch)
    let (factor, offset, slope) = (scratch + 2 * c, scratch + 3 * c, scratch + 4 * c)
    let count = Double(x.shape.pixels * shares)
    for channel in 0..<c {
      let deviation = (Double(inputs[1].base[c + channel]) + norm.epsilon).squareRoot()
      let scale = Double(inputs[2].base[channel]) / deviation
      factor[channel] = Float(scale)
      offset[channel] = Float(scale * Double(sums[channel]) / count)
      slope[channel] = Float(scale * Double(sums[c + channel]) / (count * deviation))
    }
    withUnsafePointer(to: &parameters) { parameters in
      nonisolated(unsafe) let parameters = parameters
      threads.forEach(x.shape.pixels, by: ChannelBlocks(x.shape).size) { pixels, _ in
        let start = pixels.lowerBound * c
        norm.kernels.leaves.normalise_gradient(
          parameters, x.base + start, dy.base + start, factor, offset, slope, pixels.count, c,
          output.base + start)
      }
    }
  }
}
