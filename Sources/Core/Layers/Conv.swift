/// A convolution without batch norm: attention's projections, the class tokens, plain pyramids, the layers of ConvNeXt and
/// transformers.
///
///     y = f( s · (w ∗ x + b) + r )
///
/// The bias b, a factor s for each output channel (layer scale), the activation f and the summand r are there where a model
/// has them. When the weights are read s is multiplied into w and b.
public struct Conv: Sendable {
  /// The path of the module, for reports.
  public let name: String
  private let form: Form

  private enum Form: Sendable {
    case fixed(Deferred<Convolution>)
    case trained(TrainedConv)
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
    self.init(
      weights, ConvolutionGeometry(inputs, outputs, kernel: extent), kernelShape: shape,
      keepingWeights: keepingWeights)
  }

  /// The linear layer `inputs` → `outputs` at `weights`: a 1×1 convolution whose kernel is stored as a matrix.
  ///
  /// The factors of its outputs, if it has any, are the tensor `scale`.
  init(
    linear weights: Weights, _ inputs: Int, _ outputs: Int, _ activation: Activation = .identity,
    hasBias: Bool = true, scale: Weights? = nil
  ) {
    self.init(
      weights, ConvolutionGeometry(inputs, outputs), activation, kernelShape: [outputs, inputs],
      hasBias: hasBias, scale: scale)
  }

  /// Any convolution at `weights`.
  init(
    _ weights: Weights, _ geometry: ConvolutionGeometry, _ activation: Activation = .identity,
    kernelShape shape: [Int]? = nil, hasBias: Bool = true, scale: Weights? = nil,
    keepingWeights: Bool = false
  ) {
    name = weights.path
    if weights.isTraining {
      form = .trained(
        TrainedConv(weights, geometry, activation, hasBias: hasBias, scale: scale))
      return
    }
    form = .fixed(
      weights.layer {
        weights.withTensor("weight", shape ?? geometry.kernelShape, .kernel) { kernel in
          var bias =
            hasBias
            ? weights.tensor("bias", [geometry.outputs], .bias)
            : [Float](repeating: 0, count: geometry.outputs)
          let scale = scale.map { $0.tensor("", [geometry.outputs], .layerScale) }
          guard !kernel.isEmpty, !bias.isEmpty, scale?.isEmpty != true else {
            return Convolution(geometry, weights: [], bias: bias, activation: activation)
          }
          if let scale { bias = zip(bias, scale).map(*) }
          return Convolution(
            geometry, weights: geometry.channelsLast(kernel, scale: scale), bias: bias,
            activation: activation, precision: weights.precision, keepingWeights: keepingWeights)
        }
      })
  }

  /// The result, `residual` added before the activation.
  public func callAsFunction(_ x: Value, adding residual: Value? = nil) -> Value {
    switch form {
    case .fixed(let convolution):
      x.applying(convolution.value, to: residual.map { [$0] } ?? [], named: name)
    case .trained(let layer): layer(x, adding: residual)
    }
  }

  /// The same with sg(W) and sg(b): a gradient goes through to x, but neither weight nor bias is moved by it.
  func frozen(_ x: Value) -> Value {
    switch form {
    case .fixed: self(x)
    case .trained(let layer): layer.frozen(x)
    }
  }
}
