/// HFGD's context augmentation encoder (CAE, §3.2): a wide linear layer, a reduction, self-attention over all pixels,
/// and a trailing 1×1 convolution to the tokens' width.
///
/// The convolution without activation before the last one is where CAR's losses look in training.
public struct ContextAugmentationEncoder: ContextEncoder {
  let wide, reduce: ConvBN
  let query, key, value: Conv
  let linear: Conv
  let project: ConvBN
  private let name: String

  /// Queries and keys are 64 wide (CAR `heads/nonlocals.py`, `guided_filters`).
  private static let queryWidth = 64

  /// Reads `wide`, `reduce`, `attention.{query,key,value}`, `linear` and `project`.
  public init(_ weights: Weights, _ inputs: Int, wide: Int, inner: Int, width: Int) {
    let attention = weights["attention"]
    name = attention.path
    self.wide = ConvBN(weights["wide"], ConvolutionGeometry(inputs, wide))
    reduce = ConvBN(weights["reduce"], ConvolutionGeometry(wide, inner))
    query = Conv(attention["query"], inner, Self.queryWidth)
    key = Conv(attention["key"], inner, Self.queryWidth)
    value = Conv(attention["value"], inner, inner)
    linear = Conv(weights["linear"], inner, inner)
    project = ConvBN(weights["project"], ConvolutionGeometry(inner, width))
  }

  /// h of c5, and the output of the convolution without activation.
  public func callAsFunction(_ c5: Value) -> EncodedContext {  // 17 × 17 × 2048
    let x = reduce(wide(c5))  // 17 × 17 × 2048 → 17 × 17 × 512
    let attended = x.applying(SelfAttention(), to: query(x), key(x), value(x), named: name)
    let augmented = linear(attended)  // 17 × 17 × 512
    return EncodedContext(  // h: 17 × 17 × 256
      h: project(augmented), attended: x, regularised: augmented)
  }
}
