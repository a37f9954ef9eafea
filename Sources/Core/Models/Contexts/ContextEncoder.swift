/// What stands between the backbone's coarsest features and the class tokens: the paper's "extra encoding".
public protocol ContextEncoder: Sendable {
  /// The high-level feature h `[n, h, w, width]` of c5; the class tokens and the upsampler's top level see it.
  func callAsFunction(_ c5: Value) -> Value
}
