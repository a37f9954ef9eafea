/// HFGD's context augmentation encoder (CAE, §3.2): a wide linear layer, a reduction, self-attention over all pixels,
/// and a trailing 1×1 convolution to the tokens' width.
///
/// The convolution without activation before the last one is where CAR's losses look in training.
public struct ContextAugmentationEncoder: ContextEncoder {
  let wide, reduce: ConvBN
  let block: NonLocalBlock
  let linear: Conv
  let project: ConvBN

  /// Reads `wide`, `reduce`, `attention.{query,key,value}`, `linear` and `project`, whose kernel has the side `end`.
  public init(_ weights: Weights, _ inputs: Int, wide: Int, inner: Int, width: Int, end: Int = 1) {
    self.wide = ConvBN(weights["wide"], ConvolutionGeometry(inputs, wide))
    reduce = ConvBN(weights["reduce"], ConvolutionGeometry(wide, inner))
    block = NonLocalBlock(weights["attention"], inner)
    linear = Conv(weights["linear"], inner, inner)
    project = ConvBN(weights["project"], ConvolutionGeometry(inner, width, kernel: end))
  }

  /// The block whose scores can be looked at.
  public var attention: NonLocalBlock? { block }

  /// h of c5, and the output of the convolution without activation.
  public func callAsFunction(_ c5: Value) -> EncodedContext {  // 17 × 17 × 2048
    let x = reduce(wide(c5))  // 17 × 17 × 2048 → 17 × 17 × 512
    let augmented = linear(block(x))  // 17 × 17 × 512
    return EncodedContext(  // h: 17 × 17 × 256
      h: project(augmented), attended: x, regularised: augmented)
  }
}
