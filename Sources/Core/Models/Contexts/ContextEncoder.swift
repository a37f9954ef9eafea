/// What stands between the backbone's coarsest features and the class tokens: the paper's "extra encoding".
public protocol ContextEncoder: Sendable {
  /// What becomes of c5.
  func callAsFunction(_ c5: Value) -> EncodedContext
}

/// The output of a context encoder.
public struct EncodedContext {
  /// The high-level feature `[n, h, w, width]`; the class tokens and the upsampler's top level see it.
  public let h: Value
  /// What the encoder's self-attention reads, `[n, h, w, inner]`; `nil` in encoders without one.
  public let attended: Value?
  /// Where CAR's losses look in training, `[n, h, w, inner]`; `nil` in encoders that are not trained with them.
  public let regularised: Value?
}
