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

  /// Sixteen activated values.
  @inline(__always)
  func callAsFunction(_ x: Lanes) -> Lanes {
    switch self {
    case .identity: x
    case .relu: x.atLeast(0)
    case .relu6: x.atLeast(0).atMost(6)
    }
  }

  /// Adds the bias of each channel to `pixels` rows of `channels` values and activates them, in place.
  func apply(
    to rows: UnsafeMutablePointer<Float>, pixels: Int, channels: Int, bias: UnsafePointer<Float>
  ) {
    switch self {
    case .identity: applyRows(rows, pixels, channels, bias) { $0 }
    case .relu: applyRows(rows, pixels, channels, bias) { $0.atLeast(0) }
    case .relu6: applyRows(rows, pixels, channels, bias) { $0.atLeast(0).atMost(6) }
    }
  }

  @inline(__always)
  private func applyRows(
    _ rows: UnsafeMutablePointer<Float>, _ pixels: Int, _ channels: Int,
    _ bias: UnsafePointer<Float>,
    _ activate: (Lanes) -> Lanes
  ) {
    for pixel in 0..<pixels {
      let row = rows + pixel * channels
      var c = 0
      while c + 16 <= channels {
        (row + c).lanes = activate((row + c).lanes + (bias + c).lanes)
        c += 16
      }
      while c < channels {
        row[c] = self(row[c] + bias[c])
        c += 1
      }
    }
  }
}
