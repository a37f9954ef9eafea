/// Object-contextual representations (OCR, arXiv:1909.11065), figure 3, as CAR has it: a first guess of the classes, what each
/// class looks like where it was guessed, and every pixel beside what it finds there of its own kind.
///
///     c5 ─ 3×3 ─ regions (the first guess) ─┐
///      └── 3×3 ─ x ──────────────────────── centres ─ key, value ─┐
///                └─ query ─────────────────────── attention ──────┴─ 1×1 ─┐
///                └────────────────────────────────────────────── beside ──┴─ 1×1
public struct ObjectContext: ContextEncoder {
  let coarse: ConvBN
  let regions: Conv
  let reduce: ConvBN
  let query, key: [ConvBN]
  let value, object, project: ConvBN
  let end: ConvBN?
  private let name: String

  /// Reads `coarse` (`wide`) and `regions` (`classes`), `reduce`, `object` and `project` (`inner`), `query.{0,1}`,
  /// `key.{0,1}` and `value` (half of it), and `end` where `inner` is not `width`.
  init(_ weights: Weights, _ inputs: Int, wide: Int, inner: Int, width: Int, classes: Int) {
    name = weights.path
    let half = inner / 2
    func twice(_ weights: Weights) -> [ConvBN] {
      [inner, half].enumerated().map { i, inputs in
        ConvBN(weights[i], ConvolutionGeometry(inputs, half))
      }
    }
    coarse = ConvBN(weights["coarse"], ConvolutionGeometry(inputs, wide, kernel: 3))
    regions = Conv(weights["regions"], wide, classes)
    reduce = ConvBN(weights["reduce"], ConvolutionGeometry(inputs, inner, kernel: 3))
    query = twice(weights["query"])
    key = twice(weights["key"])
    value = ConvBN(weights["value"], ConvolutionGeometry(inner, half))
    object = ConvBN(weights["object"], ConvolutionGeometry(half, inner))
    project = ConvBN(weights["project"], ConvolutionGeometry(2 * inner, inner))
    end = .end(weights, inner, width)
  }

  /// h of c5, and the first guess.
  public func callAsFunction(_ c5: Value) -> EncodedContext {  // 65 × 65 × 2048 at output stride 8
    let guess = regions(coarse(c5))  // 65 × 65 × 59
    let x = reduce(c5)  // 65 × 65 × 512
    let shares = guess.applying(PixelShares(), named: name + ".centres")  // 65 × 65 × 59
    let centres = x.applying(  // 59 × 512
      TokenSums(scale: 1, kernels: .current), to: shares, named: name + ".centres")
    let found = query.reduce(x) { $1($0) }.applying(  // 65 × 65 × 256
      MultiHeadAttention(heads: 1), to: key.reduce(centres) { $1($0) }, value(centres),
      named: name + ".attention")
    let context = object(found)  // 65 × 65 × 512
    let projected = project(context.concatenated(with: x, named: name))  // 65 × 65 × 512
    return EncodedContext(h: end?(projected) ?? projected, guess: guess)
  }
}
