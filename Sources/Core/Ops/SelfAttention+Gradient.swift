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
      step.gradient(of: 1) { all.applying(Channels(0..<d), named: name) },
      step.gradient(of: 2) { all.applying(Channels(d..<(2 * d)), named: name) },
      step.gradient(of: 3) { all.applying(Channels((2 * d)..<(2 * d + c)), named: name) },
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

/// Some channels of a map.
struct Channels: Operation {
  let range: Range<Int>

  init(_ range: Range<Int>) { self.range = range }

  var summary: String { "channels \(range)" }

  func outputShape(for inputs: [Shape]) -> Shape {
    precondition(
      range.upperBound <= inputs[0].c, "\(inputs[0]) has no channels \(range)")
    return inputs[0].channels(range.count)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let c = inputs[0].shape.c
    threads.forEach(output.shape.pixels, by: 1 << 12) { pixels, _ in
      for pixel in pixels {
        (output.base + pixel * range.count).update(
          from: inputs[0].base + pixel * c + range.lowerBound, count: range.count)
      }
    }
  }
}

extension Channels: DifferentiableOperation {
  /// ∂x is 0 in all other channels.
  func gradients(of step: Pullback) -> [Value?] {
    [
      step.gradient(of: 0) {
        step.cotangent.applying(
          ChannelsInZeros(self, of: step.inputs[0].shape.c), named: step.name + " ∂x")
      }
    ]
  }
}

/// Channels where they were taken from, all others being 0: the gradient of ``Channels``.
struct ChannelsInZeros: Operation {
  private let range: Range<Int>
  private let count: Int

  init(_ channels: Channels, of count: Int) {
    range = channels.range
    self.count = count
  }

  var summary: String { "channels \(range) among zeros" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0].channels(count) }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    threads.forEach(output.shape.pixels, by: 1 << 12) { pixels, _ in
      for pixel in pixels {
        let target = output.base + pixel * count
        target.update(repeating: 0, count: count)
        (target + range.lowerBound).update(
          from: inputs[0].base + pixel * range.count, count: range.count)
      }
    }
  }
}
