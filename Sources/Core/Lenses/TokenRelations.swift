import Foundation

/// How the class tokens of a model depend on one another (HFGD, appendix C.1 and figure 6).
///
///     D = softmax_row(τ · W · Wᵀ),  D_ij = exp(τ w_i·w_j) / Σ_l exp(τ w_i·w_l)
///
/// D_ii is the confidence of class i: near 1 where its token is like no other. τ is 1, or 1/√D as CAR has it for class
/// centres (`get_inter_class_relations` of its code). The cosine w_i·w_j / (‖w_i‖ ‖w_j‖) does not depend on lengths. Biases
/// play no part. All sums are made in double precision.
public struct TokenRelations: Sendable, Equatable {
  /// τ.
  public enum Scale: String, Sendable, CaseIterable {
    /// 1; 1/√D for tokens of D numbers.
    case one, sqrt

    /// τ for tokens of `width` numbers.
    public func factor(width: Int) -> Double {
      self == .one ? 1 : 1 / Double(width).squareRoot()
    }
  }

  /// Which number stands for a pair of classes.
  public enum Values: String, Sendable, CaseIterable {
    /// D_ij, in [0, 1]; the cosine, in [−1, 1].
    case softmax, cosine
  }

  /// The tokens.
  public let tokens: ClassTokens
  /// W·Wᵀ `[K, K]`.
  private let products: [Double]

  /// The relations of `tokens`.
  public init(_ tokens: ClassTokens) {
    self.tokens = tokens
    let (count, width) = (tokens.count, tokens.width)
    let wide = tokens.weights.map(Double.init)
    var products = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0...i {
        var sum = 0.0
        for d in 0..<width { sum += wide[i * width + d] * wide[j * width + d] }
        products[i * count + j] = sum
        products[j * count + i] = sum
      }
    }
    self.products = products
  }

  /// ‖w_k‖ of each class.
  public var norms: [Double] {
    (0..<tokens.count).map { products[$0 * tokens.count + $0].squareRoot() }
  }

  /// The number of each pair of classes, `[K, K]`, row-major.
  public func matrix(_ values: Values, _ scale: Scale) -> [Double] {
    values == .softmax ? softmax(scale) : cosines
  }

  /// D, each row of which sums to 1.
  public func softmax(_ scale: Scale) -> [Double] {
    let (count, factor) = (tokens.count, scale.factor(width: tokens.width))
    return (0..<count).flatMap { i in
      let row = products[(i * count)..<((i + 1) * count)].map { factor * $0 }
      // The largest is subtracted, so that no exponential overflows.
      let largest = row.max() ?? 0
      let exponentials = row.map { exp($0 - largest) }
      let sum = exponentials.reduce(0, +)
      return exponentials.map { $0 / sum }
    }
  }

  /// The cosine of each pair; 0 for a token that is all zeros.
  public var cosines: [Double] {
    let (count, norms) = (tokens.count, norms)
    return products.enumerated().map { place, product in
      let lengths = norms[place / count] * norms[place % count]
      return lengths > 0 ? min(max(product / lengths, -1), 1) : 0
    }
  }

  /// The diagonal of D.
  public func confidence(_ scale: Scale) -> [Double] {
    let softmax = softmax(scale)
    return (0..<tokens.count).map { softmax[$0 * tokens.count + $0] }
  }

  /// The mean of the diagonal of D.
  public func meanConfidence(_ scale: Scale) -> Double {
    confidence(scale).reduce(0, +) / Double(tokens.count)
  }

  /// The classes in an order that puts those of like tokens beside each other: the leaves of their clustering by 1 − cosine.
  public var clusteredOrder: [Int] {
    AverageLinkage(distances: cosines.map { 1 - $0 }, count: tokens.count).leaves
  }
}
