/// Convolution without bias, batch norm, activation — the block that all our models are made of.
///
/// Batch norm is folded into the kernel when the weights are read: with s = γ / √(σ² + ε) the kernel becomes s·w and
/// the bias β − s·μ. The activation comes after the residual, where there is one.
public struct ConvBN: Sendable {
  /// The path of the module, for reports.
  public let name: String
  /// The folded convolution.
  public var convolution: Convolution { folded.value }
  private let folded: Deferred<Convolution>

  /// Batch norm's ε in the heads (Keras' default, which the authors' code keeps).
  public static let headEpsilon = 1e-3

  /// The block at `weights`, whose kernel is `conv.weight` and whose norm is `norm.…`.
  public init(
    _ weights: Weights, _ geometry: ConvolutionGeometry, _ activation: Activation = .relu,
    epsilon: Double = headEpsilon, conv: String = "conv", norm: String = "bn"
  ) {
    name = conv == "conv" ? weights.path : weights[conv].path
    folded = weights.layer {
      Self.folded(
        weights[conv], weights[norm], geometry, activation: activation, epsilon: epsilon)
    }
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
    if let residual { return x.applying(convolution, to: residual, named: name) }
    return x.applying(convolution, named: name)
  }
}

/// A bare convolution with bias: attention's projections and the class tokens.
public struct Conv: Sendable {
  /// The path of the module, for reports.
  public let name: String
  /// The convolution.
  public var convolution: Convolution { layer.value }
  private let layer: Deferred<Convolution>

  /// The 1×1 convolution `inputs` → `outputs` at `weights`; its kernel is stored as `shape` where that is not OIHW.
  public init(_ weights: Weights, _ inputs: Int, _ outputs: Int, kernelShape shape: [Int]? = nil) {
    name = weights.path
    layer = weights.layer {
      let geometry = ConvolutionGeometry(inputs, outputs)
      return weights.withTensor("weight", shape ?? geometry.kernelShape, .kernel) { kernel in
        let bias = weights.tensor("bias", [outputs], .bias)
        let isComplete = !kernel.isEmpty && !bias.isEmpty
        return Convolution(
          geometry, weights: isComplete ? geometry.channelsLast(kernel, scale: nil) : [],
          bias: bias, precision: weights.precision, keepingWeights: false)
      }
    }
  }

  /// The convolved value.
  public func callAsFunction(_ x: Value) -> Value { x.applying(convolution, named: name) }
}

extension ConvolutionGeometry {
  /// The kernel's shape in a checkpoint: outputs, inputs per group, height, width.
  var kernelShape: [Int] { [outputs, inputs / groups, kernelHeight, kernelWidth] }

  /// A checkpoint's kernel (OIHW) in the order that products want (HWIO), output channel o multiplied by `scale[o]`.
  func channelsLast(_ kernel: UnsafeBufferPointer<Float>, scale: [Float]?) -> [Float] {
    let taps = kernelHeight * kernelWidth
    let row = inputs / groups * taps
    return [Float](unsafeUninitializedCapacity: kernel.count) { buffer, count in
      count = kernel.count
      guard let source = kernel.baseAddress, let target = buffer.baseAddress else { return }
      for first in Swift.stride(from: 0, to: outputs, by: 16) {
        let width = min(16, outputs - first)
        var factors = SIMD16<Float>(repeating: 1)
        if let scale { for o in 0..<width { factors[o] = scale[first + o] } }
        transpose(
          source + first * row, rows: width, factors, row: row, taps: taps, into: target + first)
      }
    }
  }

  /// Up to 16 output channels, `[rows, inputs, taps]`, times a factor each, as columns of `[taps, inputs, outputs]`.
  private func transpose(
    _ source: UnsafePointer<Float>, rows: Int, _ factors: SIMD16<Float>, row: Int, taps: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    // Through a small tile: rows often lie a power of two apart, where they would drive each other out of the cache.
    let length = 64
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 16 * length) { tile in
      tile.initialize(repeating: 0)
      guard let tile = tile.baseAddress else { return }
      for start in Swift.stride(from: 0, to: row, by: length) {
        let count = min(length, row - start)
        for o in 0..<rows {
          (tile + o * length).update(from: source + o * row + start, count: count)
        }
        var (k, tap) = start.quotientAndRemainder(dividingBy: taps)
        for i in 0..<count {
          var values = SIMD16<Float>()
          for o in 0..<16 { values[o] = tile[o * length + i] }
          values *= factors
          let column = target + (tap * (row / taps) + k) * outputs
          if rows == 16 {
            column.lanes = values
          } else {
            for o in 0..<rows { column[o] = values[o] }
          }
          tap += 1
          if tap == taps { (k, tap) = (k + 1, 0) }
        }
      }
    }
  }
}
