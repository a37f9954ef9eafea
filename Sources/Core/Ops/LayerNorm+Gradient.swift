extension LayerNorm: DifferentiableOperation {
  /// Mean and variance are made again from x, which is quicker than to keep what was normalised.
  func gradients(of step: Pullback) -> [Value?] {
    precondition(weight == nil, "a layer norm with constant weights is not trained")
    let (x, weight, dy) = (step.inputs[0], step.inputs[1], step.cotangent)
    let name = step.name + " ∂norm"
    let sums = x.applying(LayerNormSums(self), to: dy, named: name)
    return [
      step.gradient(of: 0) { x.applying(LayerNormGradient(self), to: weight, dy, named: name) },
      step.gradient(of: 1) { sums.applying(TableLine(1), named: name) },
      step.gradient(of: 2) { sums.applying(TableLine(0), named: name) },
    ]
  }
}

/// The gradient of layer norm's input.
///
///     ∂x = ( g − mean(g) − x̂ · mean(g · x̂) ) / √(σ² + ε),   g = w · ∂y,   x̂ = (x − μ) / √(σ² + ε),
///
/// means being over the channels of a pixel. Inputs: x, w and ∂y.
struct LayerNormGradient: Operation {
  private let norm: LayerNorm

  init(_ norm: LayerNorm) { self.norm = norm }

  var summary: String { "layer norm's gradient" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

  /// ∂y, of which a pixel is read before it is written.
  var overwritableInput: Int? { 2 }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, weight, dy) = (inputs[0], inputs[1].base, inputs[2].base)
    let c = x.shape.c
    threads.forEach(x.shape.pixels, by: LayerNorm.block(x.shape)) { pixels, _ in
      let start = pixels.lowerBound * c
      norm.kernels.leaves.layer_norm_gradient(
        x.base + start, dy + start, pixels.count, c, norm.epsilon, weight, output.base + start)
    }
  }
}

/// The gradients of layer norm's bias and weight: ∂b = Σ ∂y and ∂w = Σ ∂y · x̂ over all pixels.
///
/// Inputs: x and ∂y; the result is `[1, 1, 2, c]`, ∂b first.
struct LayerNormSums: Operation {
  private let norm: LayerNorm

  init(_ norm: LayerNorm) { self.norm = norm }

  var summary: String { "sums of layer norm's gradient" }

  func outputShape(for inputs: [Shape]) -> Shape { Shape(h: 1, w: 2, c: inputs[0].c) }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    ChannelBlocks(inputs[0]).scratchCount
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, dy, c) = (inputs[0], inputs[1], inputs[0].shape.c)
    let sums = ChannelBlocks(x.shape).sums(scratch, threads) { pixels, sum, products in
      sum.update(repeating: 0, count: c)
      products.update(repeating: 0, count: c)
      let start = pixels.lowerBound * c
      norm.kernels.leaves.layer_norm_sums(
        x.base + start, dy.base + start, pixels.count, c, norm.epsilon, sum, products)
    }
    for channel in 0..<c {
      output.base[channel] = Float(sums.first[channel])
      output.base[c + channel] = Float(sums.second[channel])
    }
  }
}
