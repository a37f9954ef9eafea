/// What is applied to each value after a convolution.
public enum Activation: Sendable, Hashable {
  /// The value itself.
  case identity
  /// max(x, 0).
  case relu
  /// min(max(x, 0), 6): MobileNetV2.
  case relu6

  /// The activated value.
  func callAsFunction(_ x: Float) -> Float {
    switch self {
    case .identity: x
    case .relu: x < 0 ? 0 : x
    case .relu6: x < 0 ? 0 : (x > 6 ? 6 : x)
    }
  }
}
