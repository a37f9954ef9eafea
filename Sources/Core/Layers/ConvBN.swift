/// Convolution without bias, batch norm, activation — the block that all our models are made of.
///
/// Batch norm is folded into the kernel when the weights are read: with s = γ / √(σ² + ε) the kernel becomes s·w and
/// the bias β − s·μ. In training it stays apart and takes its statistics from the batch. The activation comes after the
/// residual, where there is one.
public struct ConvBN: Sendable {
  /// The path of the module, for reports.
  public let name: String
  private let form: Form

  private enum Form: Sendable {
    case folded(Deferred<Convolution>)
    case trained(TrainedConvBN)
  }

  /// Batch norm's ε in the heads (Keras' default, which the authors' code keeps).
  public static let headEpsilon = 1e-3

  /// The block at `weights`, whose kernel is `conv.weight` and whose norm is `norm.…`.
  public init(
    _ weights: Weights, _ geometry: ConvolutionGeometry, _ activation: Activation = .relu,
    epsilon: Double = headEpsilon, conv: String = "conv", norm: String = "bn"
  ) {
    name = conv == "conv" ? weights.path : weights[conv].path
    form =
      weights.isTraining
      ? .trained(
        TrainedConvBN(
          weights[conv], weights[norm], geometry, activation, epsilon: epsilon, named: name))
      : .folded(
        weights.layer {
          Self.folded(
            weights[conv], weights[norm], geometry, activation: activation, epsilon: epsilon)
        })
  }

  /// The convolution whose kernel is at `conv`, with batch norm at `norm` folded into it.
  private static func folded(
    _ conv: Weights, _ norm: Weights, _ geometry: ConvolutionGeometry, activation: Activation,
    epsilon: Double
  ) -> Convolution {
    let channels = geometry.outputs
    return conv.withTensor("weight", geometry.kernelShape, .kernel) { kernel in
      let gamma = norm.tensor("weight", [channels], .normWeight)
      let beta = norm.tensor("bias", [channels], .normBias)
      let mean = norm.tensor("running_mean", [channels], .runningMean)
      let variance = norm.tensor("running_var", [channels], .runningVariance)
      guard !kernel.isEmpty, ![gamma, beta, mean, variance].contains(where: \.isEmpty) else {
        return Convolution(geometry, weights: [], bias: [], activation: activation)
      }
      let scale = zip(gamma, variance).map { Double($0) / (Double($1) + epsilon).squareRoot() }
      return Convolution(
        geometry,
        weights: geometry.channelsLast(kernel, scale: scale.map { Float($0) }),
        bias: zip(zip(beta, mean), scale).map { Float(Double($0.0) - $1 * Double($0.1)) },
        activation: activation, precision: conv.precision, keepingWeights: false)
    }
  }

  /// The activated result, `residual` added before the activation.
  public func callAsFunction(_ x: Value, adding residual: Value? = nil) -> Value {
    switch form {
    case .folded(let convolution):
      x.applying(convolution.value, to: residual.map { [$0] } ?? [], named: name)
    case .trained(let layer): layer(x, adding: residual)
    }
  }

  /// The activated result of x on a finer grid; a 1×1 convolution is computed on the coarser one (``ResizedProjection``).
  func callAsFunction(_ x: Value, resizedTo height: Int, _ width: Int) -> Value {
    switch form {
    case .folded(let convolution):
      x.applying(
        ResizedProjection(convolution.value, resizedTo: height, width), named: name)
    case .trained(let layer): layer(x, resizedTo: (height, width))
    }
  }
}
