/// A bare convolution with bias: attention's projections, the class tokens, plain pyramids.
public struct Conv: Sendable {
  /// The path of the module, for reports.
  public let name: String
  private let form: Form

  private enum Form: Sendable {
    case fixed(Deferred<Convolution>)
    case trained(ConvolutionGeometry, kernel: ParameterLayout.Entry, bias: ParameterLayout.Entry)
  }

  /// The convolution, of a model that is not trained.
  var convolution: Convolution? {
    if case .fixed(let convolution) = form { return convolution.value }
    return nil
  }

  /// The convolution `inputs` → `outputs` at `weights`, 1×1 unless `kernel` says otherwise; its kernel is stored as `shape`
  /// where that is not OIHW.
  ///
  /// `keepingWeights` keeps them as they were read beside the packed ones.
  public init(
    _ weights: Weights, _ inputs: Int, _ outputs: Int, kernel extent: Int = 1,
    kernelShape shape: [Int]? = nil, keepingWeights: Bool = false
  ) {
    name = weights.path
    let geometry = ConvolutionGeometry(inputs, outputs, kernel: extent)
    if weights.isTraining {
      form = .trained(
        geometry, kernel: weights.parameter("weight"), bias: weights.parameter("bias"))
      return
    }
    form = .fixed(
      weights.layer {
        weights.withTensor("weight", shape ?? geometry.kernelShape, .kernel) { kernel in
          let bias = weights.tensor("bias", [outputs], .bias)
          let isComplete = !kernel.isEmpty && !bias.isEmpty
          return Convolution(
            geometry, weights: isComplete ? geometry.channelsLast(kernel, scale: nil) : [],
            bias: bias, precision: weights.precision,
            keepingWeights: keepingWeights)
        }
      })
  }

  /// The convolved value.
  public func callAsFunction(_ x: Value) -> Value { apply(x) { $0 } }

  /// The same with sg(W) and sg(b): a gradient goes through to x, but neither weight nor bias is moved by it.
  func frozen(_ x: Value) -> Value { apply(x, \.stoppingGradient) }

  private func apply(_ x: Value, _ weight: (Value) -> Value) -> Value {
    switch form {
    case .fixed(let convolution): x.applying(convolution.value, named: name)
    case .trained(let geometry, let kernel, let bias):
      x.applying(
        KernelConvolution(geometry), to: weight(kernel.value(in: x.trace)),
        weight(bias.value(in: x.trace)), named: name)
    }
  }
}
