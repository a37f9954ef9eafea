/// The class tokens of a model: weights W and bias b of the layer that makes logits out of features.
///
///     logits[y, x, k] = Σ_d features[y, x, d] · W[k, d] + b[k]
///
/// A guided model's teacher and students share them.
public struct ClassTokens: Sendable, Equatable {
  /// The names of the K classes.
  public let names: [String]
  /// D, the numbers in a token.
  public let width: Int
  /// W `[K, D]`, row-major; those of the checkpoint to the last bit, F16 and BF16 widened.
  public let weights: [Float]
  /// b `[K]`.
  public let bias: [Float]

  /// Tokens of `names.count` classes of `width` numbers each.
  public init(names: [String], width: Int, weights: [Float], bias: [Float]) {
    precondition(
      weights.count == names.count * width,
      "\(weights.count) weights for \(names.count) tokens of \(width)")
    precondition(
      bias.count == names.count, "\(bias.count) biases for \(names.count) tokens")
    self.names = names
    self.width = width
    self.weights = weights
    self.bias = bias
  }

  /// K, the number of classes.
  public var count: Int { names.count }

  /// The token of class `k`.
  public subscript(k: Int) -> ArraySlice<Float> { weights[(k * width)..<((k + 1) * width)] }
}

extension SegmentationModel {
  /// The model's class tokens, or its decoder's class queries before they look at a picture; a model in training, whose tokens every step moves, has none and traps.
  public var classTokens: ClassTokens {
    if let decoder {
      guard let queries = decoder.queries.values else {
        preconditionFailure("\(configuration.name) is outlined or in training; load its checkpoint")
      }
      return ClassTokens(
        names: configuration.classes, width: configuration.width, weights: queries,
        bias: [Float](repeating: 0, count: configuration.classes.count))
    }
    guard let layer = tokens?.convolution, !layer.weights.isEmpty else {
      preconditionFailure("\(configuration.name) is outlined or in training; load its checkpoint")
    }
    let (classes, width) = (configuration.classes.count, configuration.width)
    // The layer has them as columns.
    let weights = (0..<(classes * width)).map { i in
      layer.weights[i % width * classes + i / width]
    }
    return ClassTokens(
      names: configuration.classes, width: width, weights: weights, bias: layer.bias)
  }
}
