/// A change of a model's last layer, to see what it would predict.
///
///     logits = (features · Wᵀ + b + bias) / temperature
///
/// with W and b of the model or of another one, and without the classes that are masked. Features are what they were, so an
/// edit costs one product of matrices on those of a picture.
public struct TokenEdit: Sendable, Equatable {
  /// What is added to each class's logit, `[K]`.
  public var bias: [Float]
  /// The classes that are never predicted.
  public var masked: Set<Int> = []
  /// Whether W and b are those of another model with the same classes and D.
  public var isSwapped = false
  /// What logits are divided by, above 0: more makes probabilities more alike.
  ///
  /// Of each pixel's classes the first stays so; sums of probabilities may change their order.
  public var temperature: Float = 1
  /// The classes that are taken for one.
  public var groups: ClassGroups

  /// The logit of a masked class: far below all others, and an F16 even so.
  public static let maskedLogit: Float = -10_000

  /// No change to `count` classes.
  public init(count: Int) {
    bias = [Float](repeating: 0, count: count)
    groups = ClassGroups(count: count)
  }

  /// Whether nothing is changed.
  public var isEmpty: Bool { self == TokenEdit(count: bias.count) }

  /// The edited tokens of a model, or of `other` where tokens are swapped; groups are no matter of tokens.
  ///
  /// A masked class's token is all zeros and its bias ``maskedLogit``.
  public func tokens(of tokens: ClassTokens, other: ClassTokens? = nil) -> ClassTokens {
    var edited = tokens
    if isSwapped {
      guard let other, other.names == tokens.names, other.width == tokens.width else {
        preconditionFailure("tokens are swapped with those of a model of the same classes and D")
      }
      edited = other
    }
    precondition(
      bias.count == edited.count, "biases of \(bias.count) classes, tokens of \(edited.count)")
    let scale = 1 / temperature
    return ClassTokens(
      names: edited.names, width: edited.width,
      weights: edited.weights.enumerated().map { place, weight in
        masked.contains(place / edited.width) ? 0 : weight * scale
      },
      bias: edited.bias.enumerated().map { k, value in
        masked.contains(k) ? Self.maskedLogit : (value + bias[k]) * scale
      })
  }
}
