/// HFGD's context augmentation encoder (CAE, §3.2): a wide linear layer, a reduction, self-attention over all pixels,
/// and a trailing 1×1 convolution to the tokens' width.
///
/// The convolution without activation before the last one is where CAR's losses look in training.
public struct ContextAugmentationEncoder: ContextEncoder {
  let wide, reduce: ConvBN
  let block: NonLocalBlock
  let linear: Conv
  let project: ConvBN

  /// What the paper leaves open.
  public struct Form: Sendable {
    /// What follows the first two layers' batch norms.
    public var activation = Activation.relu
    /// The side of the last convolution's kernel.
    public var endKernel = 1

    /// ReLU, and 1×1.
    public init() {}
  }

  /// Reads `wide`, `reduce`, `attention.{query,key,value}`, `linear` and `project`.
  public init(
    _ weights: Weights, _ inputs: Int, wide: Int, inner: Int, width: Int, _ form: Form = Form()
  ) {
    self.wide = ConvBN(weights["wide"], ConvolutionGeometry(inputs, wide), form.activation)
    reduce = ConvBN(weights["reduce"], ConvolutionGeometry(wide, inner), form.activation)
    block = NonLocalBlock(weights["attention"], inner)
    linear = Conv(weights["linear"], inner, inner)
    project = ConvBN(weights["project"], ConvolutionGeometry(inner, width, kernel: form.endKernel))
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
