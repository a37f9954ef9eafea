/// Layer normalisation of each pixel over its channels.
///
///     y = w · (x − μ) / √(σ² + ε) + b,   μ = mean(x),   σ² = mean((x − μ)²)
///
/// Inputs: x `[n, h, w, c]`, and in training w and b `[1, 1, 1, c]`, which else are part of the operation.
/// Ba, Kiros and Hinton, arXiv:1607.06450.
struct LayerNorm: Operation {
  let epsilon: Float
  /// One value for each channel; `nil` where they are inputs, empty where only sizes are of interest.
  let weight, bias: [Float]?
  var kernels = Kernels.current

  /// The norm whose weight and bias are inputs.
  init(epsilon: Float) {
    self.epsilon = epsilon
    (weight, bias) = (nil, nil)
  }

  /// The norm with the weight and bias of a model that is not trained.
  init(epsilon: Float, weight: [Float], bias: [Float]) {
    precondition(
      weight.count == bias.count, "\(weight.count) weights and \(bias.count) biases of one norm")
    self.epsilon = epsilon
    self.weight = weight
    self.bias = bias
  }

  var summary: String { "layer norm" }

  func outputShape(for inputs: [Shape]) -> Shape {
    let x = inputs[0]
    if let weight {
      precondition(
        weight.isEmpty || weight.count == x.c,
        "layer norm of \(weight.count) channels does not take \(x)")
    } else {
      let channels = Shape(h: 1, w: 1, c: x.c)
      precondition(
        inputs[1] == channels && inputs[2] == channels,
        "layer norm of \(x) does not take weight \(inputs[1]), bias \(inputs[2])")
    }
    return x
  }

  /// x, each pixel of which is read before it is written.
  var overwritableInput: Int? { 0 }

  /// Pixels of a task: about as many values whatever the channels.
  static func block(_ shape: Shape) -> Int { max(1, (1 << 14) / max(1, shape.c)) }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    guard let weight, let bias else {
      return normalise(inputs[0], inputs[1].base, inputs[2].base, output, threads)
    }
    precondition(!weight.isEmpty, "\(summary) has no weights: it was made for counting only")
    weight.withUnsafeBufferPointer { weight in
      bias.withUnsafeBufferPointer { bias in
        guard let weight = weight.baseAddress, let bias = bias.baseAddress else { return }
        normalise(inputs[0], weight, bias, output, threads)
      }
    }
  }

  private func normalise(
    _ x: TensorView, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>,
    _ y: MutableTensorView, _ threads: Threads
  ) {
    let c = x.shape.c
    threads.forEach(x.shape.pixels, by: Self.block(x.shape)) { pixels, _ in
      let start = pixels.lowerBound * c
      kernels.leaves.layer_norm(
        x.base + start, pixels.count, c, epsilon, weight, bias, y.base + start)
    }
  }
}
