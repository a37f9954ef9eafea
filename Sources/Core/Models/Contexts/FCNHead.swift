/// The plain head of an FCN: a 3×3 convolution to 512 channels and a 1×1 to the tokens' width.
///
/// HFGD's "Identity" encoding with guidance (§4; CAR `heads/fcn.py`).
public struct FCNHead: ContextEncoder {
  let conv, project: ConvBN

  /// Reads `conv` and `project`.
  public init(_ weights: Weights, _ inputs: Int, inner: Int, width: Int) {
    conv = ConvBN(weights["conv"], ConvolutionGeometry(inputs, inner, kernel: 3))
    project = ConvBN(weights["project"], ConvolutionGeometry(inner, width))
  }

  /// h of c5.
  public func callAsFunction(_ c5: Value) -> EncodedContext {  // 17 × 17 × 2048
    EncodedContext(h: project(conv(c5)))  // 17 × 17 × 512 → 17 × 17 × 256
  }
}
