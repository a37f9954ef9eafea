import CKernels

/// Mean and variance of each channel over all pixels of a batch.
///
///     μ = E[x],   σ² = E[(x − μ)²]   (biased, as batch norm divides by it)
///
/// Input: x `[n, h, w, c]`; the result is `[1, 1, 2, c]`, means first. Sums are taken of differences to the first pixel, in
/// float over a thousand pixels at most and in double beyond, so that nothing cancels.
struct BatchStatistics: Operation {
  var kernels = Kernels.current

  var summary: String { "batch statistics" }

  func outputShape(for inputs: [Shape]) -> Shape { Shape(h: 1, w: 2, c: inputs[0].c) }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    ChannelBlocks(inputs[0]).scratchCount
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let x = inputs[0]
    let c = x.shape.c
    let blocks = ChannelBlocks(x.shape)
    let sums = blocks.sums(scratch, threads) { pixels, sum, squares in
      kernels.leaves.moments(x.base + pixels.lowerBound * c, pixels.count, c, x.base, sum, squares)
    }
    let count = Double(x.shape.pixels)
    for channel in 0..<c {
      let shift = sums.first[channel] / count
      output.base[channel] = Float(Double(x.base[channel]) + shift)
      output.base[c + channel] = Float(max(0, sums.second[channel] / count - shift * shift))
    }
  }
}

/// Batch normalisation in training: by the statistics of the batch, with a sum and an activation behind it.
///
///     y = f( γ · (x − μ) / √(σ² + ε) + β + r )
///
/// Inputs: x `[n, h, w, c]`, its ``BatchStatistics``, γ and β `[1, 1, 1, c]`, perhaps r of x's shape.
/// Ioffe and Szegedy, arXiv:1502.03167, algorithm 1.
struct BatchNorm: DifferentiableOperation {
  let epsilon: Double
  let activation: Activation
  var kernels = Kernels.current

  init(epsilon: Double, activation: Activation = .identity) {
    precondition(activation != .gelu, "batch norm does not apply GELU")
    self.epsilon = epsilon
    self.activation = activation
  }

  var summary: String { "batch norm" }

  func outputShape(for inputs: [Shape]) -> Shape {
    let x = inputs[0]
    let channel = Shape(h: 1, w: 1, c: x.c)
    precondition(
      inputs[1] == Shape(h: 1, w: 2, c: x.c) && inputs[2] == channel && inputs[3] == channel,
      "batch norm of \(x) does not take statistics \(inputs[1]), weight \(inputs[2]), bias \(inputs[3])"
    )
    if inputs.count > 4 {
      precondition(inputs[4] == x, "cannot add \(inputs[4]) to a normalised \(x)")
    }
    return x
  }

  /// Scale and shift of each channel.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int { 2 * inputs[0].c }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let x = inputs[0]
    let c = x.shape.c
    var norm = hfgd_norm(inputs, epsilon: epsilon, activation, scratch)
    let residual = inputs.count > 4 ? inputs[4].base : nil
    withUnsafePointer(to: &norm) { norm in
      nonisolated(unsafe) let norm = norm
      threads.forEach(x.shape.pixels, by: ChannelBlocks(x.shape).size) { pixels, _ in
        let start = pixels.lowerBound * c
        kernels.leaves.normalise(
          norm, x.base + start, residual.map { $0 + start }, pixels.count, c, output.base + start)
      }
    }
  }

  /// Through the statistics, too: they are made of x, and their share is in ∂x.
  func gradients(of step: Pullback) -> [Value?] {
    let inputs = Array(step.inputs[..<4])
    var dy = step.cotangent
    var passing = self
    if step.inputs.count > 4 && activation != .identity {
      // What passes the activation is the residual's gradient as it stands.
      dy = dy.applying(
        ActivationGradient(activation), to: step.output, named: step.name + " ∂activation")
      passing = BatchNorm(epsilon: epsilon)
    }
    let norm = step.name + " ∂norm"
    let sums = inputs[0].applying(
      BatchNormSums(passing), to: Array(inputs[1...]) + [dy], named: norm)
    return [
      step.gradient(of: 0) {
        inputs[0].applying(
          BatchNormGradient(passing, shares: sums.trace.processes.count),
          to: Array(inputs[1...]) + [dy, sums.summedOverProcesses(named: norm)], named: norm)
      },
      nil,
      step.gradient(of: 2) { sums.applying(TableLine(1), named: norm) },
      step.gradient(of: 3) { sums.applying(TableLine(0), named: norm) },
    ] + (step.inputs.count > 4 ? [step.gradient(of: 4) { dy }] : [])
  }
}

extension hfgd_norm {
  /// The norm of x, its statistics, γ and β; scale and shift are written to `scratch`, 2·c floats.
  init(
    _ inputs: [TensorView], epsilon: Double, _ activation: Activation,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    let c = inputs[0].shape.c
    let (statistics, gamma, beta) = (inputs[1].base, inputs[2].base, inputs[3].base)
    for channel in 0..<c {
      let scale = Double(gamma[channel]) / (Double(statistics[c + channel]) + epsilon).squareRoot()
      scratch[channel] = Float(scale)
      scratch[c + channel] = Float(Double(beta[channel]) - Double(statistics[channel]) * scale)
    }
    let (low, high) = activation.bounds
    self.init(
      scale: UnsafePointer(scratch), shift: UnsafePointer(scratch + c), mean: statistics, low: low,
      high: high)
  }
}
