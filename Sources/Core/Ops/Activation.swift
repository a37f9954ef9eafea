import Glibc

/// What is applied to each value after a convolution.
public enum Activation: Sendable, Hashable {
  /// The value itself.
  case identity
  /// max(x, 0).
  case relu
  /// min(max(x, 0), 6): MobileNetV2.
  case relu6
  /// x·Φ(x), Φ being the normal distribution's cumulative function (Hendrycks and Gimpel, arXiv:1606.08415); the exact
  /// form, not the one with a hyperbolic tangent.
  case gelu

  /// The activated value.
  func callAsFunction(_ x: Float) -> Float {
    switch self {
    case .identity: x
    case .relu: x < 0 ? 0 : x
    case .relu6: x < 0 ? 0 : (x > 6 ? 6 : x)
    case .gelu: Float(Double(x) / 2 * erfc(-Double(x) / 2.0.squareRoot()))
    }
  }
}
