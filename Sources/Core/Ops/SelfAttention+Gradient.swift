extension SelfAttention: DifferentiableOperation {
  /// x has the gradient of the sum; queries, keys and values have theirs side by side in one map.
  func gradients(of step: Pullback) -> [Value?] {
    let (query, key, value) = (step.inputs[1], step.inputs[2], step.inputs[3])
    let name = step.name + " ∂attention"
    let all = query.applying(
      SelfAttentionGradient(self), to: key, value, step.cotangent, named: name)
    let (d, c) = (query.shape.c, value.shape.c)
    return [
      step.gradient(of: 0) { step.cotangent },
      step.gradient(of: 1) { all.applying(ChannelRange(0..<d), named: name) },
      step.gradient(of: 2) { all.applying(ChannelRange(d..<(2 * d)), named: name) },
      step.gradient(of: 3) { all.applying(ChannelRange((2 * d)..<(2 * d + c)), named: name) },
    ]
  }
}

/// The gradients of ``SelfAttention``'s queries, keys and values, see ``AttentionGradient``.
///
/// Inputs: query, key, value and ∂y; the result is `[n, h, w, d + d + c]`: ∂query, ∂key, ∂value.
struct SelfAttentionGradient: Operation {
  private let scale: Float
  private let kernels: Kernels

  init(_ attention: SelfAttention) {
    scale = attention.scale
    kernels = attention.kernels
  }

  var summary: String { "gradient of self-attention" }

  func outputShape(for inputs: [Shape]) -> Shape {
    inputs[0].channels(2 * inputs[0].c + inputs[2].c)
  }

  /// Scores twice, and four products with them.
  func multiplyAdds(for inputs: [Shape]) -> Int {
    let pixels = inputs[0].h * inputs[0].w
    return inputs[0].n * pixels * pixels * (3 * inputs[0].c + 2 * inputs[2].c)
  }

  private func gradient(_ query: Shape, _ value: Shape) -> AttentionGradient {
    let pixels = query.h * query.w
    return AttentionGradient(
      attention: Attention(
        queries: pixels, keys: pixels, depth: query.c, width: value.c, scale: scale,
        kernels: kernels))
  }

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    threads.count * gradient(inputs[0], inputs[2]).scratchCount
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (query, value) = (inputs[0].shape, inputs[2].shape)
    let gradient = gradient(query, value)
    let pixels = query.h * query.w
    threads.forEach(query.n) { n, worker in
      func map(_ view: TensorView) -> PixelVectors<UnsafePointer<Float>> {
        PixelVectors(base: view.base + n * pixels * view.shape.c, stride: view.shape.c)
      }
      func result(_ channel: Int) -> PixelVectors<UnsafeMutablePointer<Float>> {
        PixelVectors(
          base: output.base + n * pixels * output.shape.c + channel, stride: output.shape.c)
      }
      gradient.apply(
        query: map(inputs[0]), key: map(inputs[1]), value: map(inputs[2]), dy: map(inputs[3]),
        dQuery: result(0), dKey: result(query.c), dValue: result(2 * query.c), accumulates: false,
        scratch: scratch + worker * gradient.scratchCount)
    }
  }
}
