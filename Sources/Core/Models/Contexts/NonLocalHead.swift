/// The self-attention head of CAR (arXiv:2203.07160; `heads/nonlocals.py`), the "SA" and "SA (CAR)" of HFGD's table 1:
/// a 3×3 reduction, self-attention over all pixels, and a trailing convolution.
///
/// For CAR's losses a convolution without norm and activation stands before the last one, which is then 1×1.
public struct NonLocalHead: ContextEncoder {
  let reduce: ConvBN
  let block: NonLocalBlock
  let linear: Conv?
  let project: ConvBN
  let end: ConvBN?

  /// Whether CAR's losses look into the head.
  enum Form { case plain, regularised }

  /// Reads `reduce`, `attention.{query,key,value}`, `linear` where there is one, `project`, and `end` where `inner` is not
  /// `width`.
  init(_ weights: Weights, _ inputs: Int, _ form: Form, inner: Int, width: Int) {
    reduce = ConvBN(weights["reduce"], ConvolutionGeometry(inputs, inner, kernel: 3))
    block = NonLocalBlock(weights["attention"], inner)
    linear = form == .regularised ? Conv(weights["linear"], inner, inner) : nil
    project = ConvBN(
      weights["project"], ConvolutionGeometry(inner, inner, kernel: form == .plain ? 3 : 1))
    end = .end(weights, inner, width)
  }

  /// The block whose scores can be looked at.
  public var attention: NonLocalBlock? { block }

  /// h of c5.
  public func callAsFunction(_ c5: Value) -> EncodedContext {  // 65 × 65 × 2048 at output stride 8
    let x = reduce(c5)  // 65 × 65 × 512
    let attended = block(x)
    let augmented = linear?(attended)
    let projected = project(augmented ?? attended)
    return EncodedContext(
      h: end?(projected) ?? projected, attended: x, regularised: augmented)
  }
}
