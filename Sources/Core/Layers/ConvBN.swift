/// Convolution without bias, batch norm, activation — the block that all our models are made of.
///
/// Batch norm is folded into the kernel when the weights are read: with s = γ / √(σ² + ε) the kernel becomes s·w and
/// the bias β − s·μ. The activation comes after the residual, where there is one.
public struct ConvBN: Sendable {
  /// The path of the module, for reports.
  public let name: String
  /// The folded convolution.
  public let convolution: Convolution

  /// Batch norm's ε in the heads (Keras' default, which the authors' code keeps).
  public static let headEpsilon = 1e-3

  /// The block at `weights`, whose kernel is `conv.weight` and whose norm is `norm.…`.
  public init(
    _ weights: Weights, _ geometry: ConvolutionGeometry, _ activation: Activation = .relu,
    epsilon: Double = headEpsilon, conv: String = "conv", norm: String = "bn"
  ) {
    let channels = geometry.outputs
    let kernel = weights[conv].tensor("weight", geometry.kernelShape, .kernel)
    let gamma = weights[norm].tensor("weight", [channels], .normWeight)
    let beta = weights[norm].tensor("bias", [channels], .normBias)
    let mean = weights[norm].tensor("running_mean", [channels], .runningMean)
    let variance = weights[norm].tensor("running_var", [channels], .runningVariance)
    name = conv == "conv" ? weights.path : weights[conv].path
    guard ![kernel, gamma, beta, mean, variance].contains(where: \.isEmpty) else {
      convolution = Convolution(geometry, weights: [], bias: [], activation: activation)
      return
    }
    let scale = zip(gamma, variance).map { Double($0) / (Double($1) + epsilon).squareRoot() }
    convolution = Convolution(
      geometry,
      weights: geometry.channelsLast(kernel, scale: scale.map { Float($0) }),
      bias: zip(zip(beta, mean), scale).map { Float(Double($0.0) - $1 * Double($0.1)) },
      activation: activation)
  }

  /// The activated result, `residual` added before the activation.
  public func callAsFunction(_ x: Value, adding residual: Value? = nil) -> Value {
    if let residual { return x.applying(convolution, to: residual, named: name) }
    return x.applying(convolution, named: name)
  }
}

/// A bare convolution with bias: attention's projections and the class tokens.
public struct Conv: Sendable {
  /// The path of the module, for reports.
  public let name: String
  /// The convolution.
  public let convolution: Convolution

  /// The 1×1 convolution `inputs` → `outputs` at `weights`; its kernel is stored as `shape` where that is not OIHW.
  public init(_ weights: Weights, _ inputs: Int, _ outputs: Int, kernelShape shape: [Int]? = nil) {
    let geometry = ConvolutionGeometry(inputs, outputs)
    let kernel = weights.tensor("weight", shape ?? geometry.kernelShape, .kernel)
    let bias = weights.tensor("bias", [outputs], .bias)
    name = weights.path
    let isComplete = !kernel.isEmpty && !bias.isEmpty
    convolution = Convolution(
      geometry, weights: isComplete ? geometry.channelsLast(kernel, scale: nil) : [], bias: bias)
  }

  /// The convolved value.
  public func callAsFunction(_ x: Value) -> Value { x.applying(convolution, named: name) }
}

extension ConvolutionGeometry {
  /// The kernel's shape in a checkpoint: outputs, inputs per group, height, width.
  var kernelShape: [Int] { [outputs, inputs / groups, kernelHeight, kernelWidth] }

  /// A checkpoint's kernel (OIHW) in the order that products want (HWIO), output channel o multiplied by `scale[o]`.
  func channelsLast(_ kernel: [Float], scale: [Float]?) -> [Float] {
    let (depth, taps) = (inputs / groups, kernelHeight * kernelWidth)
    return [Float](unsafeUninitializedCapacity: kernel.count) { buffer, count in
      kernel.withUnsafeBufferPointer { kernel in
        guard let source = kernel.baseAddress, let target = buffer.baseAddress else { return }
        // A tile of outputs at a time, so that neither side strides through all of memory for each value.
        for tile in Swift.stride(from: 0, to: outputs, by: 16) {
          for k in 0..<depth {
            for tap in 0..<taps {
              for o in tile..<min(tile + 16, outputs) {
                target[(tap * depth + k) * outputs + o] =
                  source[(o * depth + k) * taps + tap] * (scale?[o] ?? 1)
              }
            }
          }
        }
      }
      count = kernel.count
    }
  }
}
