/// What stands between the backbone's coarsest features and the class tokens: the paper's "extra encoding".
public protocol ContextEncoder: Sendable {
  /// The attention over its grid, where it has one.
  var attention: NonLocalBlock? { get }

  /// What becomes of c5.
  func callAsFunction(_ c5: Value) -> EncodedContext
}

extension ContextEncoder {
  /// None.
  public var attention: NonLocalBlock? { nil }
}

/// The output of a context encoder.
public struct EncodedContext {
  /// The high-level feature `[n, h, w, width]`; the class tokens and the upsampler's top level see it.
  public let h: Value
  /// What the encoder's self-attention reads, `[n, h, w, inner]`; `nil` in encoders without one.
  public var attended: Value?
  /// Where CAR's losses look in training, `[n, h, w, inner]`; `nil` in encoders that are not trained with them.
  public var regularised: Value?
  /// Logits of a first guess, `[n, h, w, classes]`, which training compares with the labels; `nil` in encoders without one.
  public var guess: Value?
}

extension ConvBN {
  /// The 1×1 convolution `end` of a context whose own output is not as wide as the class tokens; else `nil`.
  static func end(_ weights: Weights, _ inner: Int, _ width: Int) -> ConvBN? {
    inner == width ? nil : ConvBN(weights["end"], ConvolutionGeometry(inner, width))
  }
}
