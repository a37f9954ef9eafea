/// ``Conv`` in training: kernel, bias and factors are read from the parameters in every step.
struct TrainedConv: Sendable {
  private let name: String
  private let convolution: KernelConvolution
  private let activation: Activation
  private let kernel: ParameterLayout.Entry
  private let bias, scale: ParameterLayout.Entry?

  init(
    _ weights: Weights, _ geometry: ConvolutionGeometry, _ activation: Activation, hasBias: Bool,
    scale: Weights?
  ) {
    precondition(
      [.identity, .gelu, .relu].contains(activation),
      "\(weights.path): \(activation) is trained behind batch norm alone")
    name = weights.path
    convolution = KernelConvolution(geometry)
    self.activation = activation
    kernel = weights.parameter("weight")
    bias = hasBias ? weights.parameter("bias") : nil
    self.scale = scale.map { $0.parameter("") }
  }

  func callAsFunction(_ x: Value, adding residual: Value?) -> Value {
    var y = convolved(x) { $0 }
    if let scale {
      y = y.applying(
        LayerScale(), to: [scale.value(in: x.trace)] + (residual.map { [$0] } ?? []),
        named: name + " scale")
    } else if let residual {
      y = y.summed(with: residual, named: name + " sum")
    }
    switch activation {
    case .gelu: return y.applying(GELU(), named: name + " activation")
    case .relu: return y.applying(ReLU(), named: name + " activation")
    default: return y
    }
  }

  /// Without a gradient for kernel and bias.
  func frozen(_ x: Value) -> Value { convolved(x, \.stoppingGradient) }

  private func convolved(_ x: Value, _ weight: (Value) -> Value) -> Value {
    x.applying(
      convolution,
      to: [weight(kernel.value(in: x.trace))]
        + (bias.map { [weight($0.value(in: x.trace))] } ?? []),
      named: name)
  }
}
