/// DeepLabV3's atrous spatial pyramid pooling (ASPP): "Rethinking Atrous Convolution for Semantic Image Segmentation"
/// (arXiv:1706.05587), figure 5, as CAR has it.
///
///     c5 ─┬─ mean of the picture ─ 1×1 ─ spread ─┐
///         ├─ 1×1 ────────────────────────────────┤
///         ├─ 3×3, dilation 3r ───────────────────┼─ beside each other ─ 1×1
///         ├─ 3×3, dilation 6r ───────────────────┤
///         └─ 3×3, dilation 9r ───────────────────┘        r = 32 / output stride
public struct AtrousPyramid: ContextEncoder {
  let image: ConvBN
  let branches: [ConvBN]
  let project: ConvBN
  private let name: String

  /// Reads `image`, `branch.{0…3}` and `project`, all of `width` channels.
  init(_ weights: Weights, _ inputs: Int, width: Int, outputStride: Int) {
    name = weights.path
    image = ConvBN(weights["image"], ConvolutionGeometry(inputs, width))
    let r = 32 / outputStride
    branches = [1, 3 * r, 6 * r, 9 * r].enumerated().map { i, dilation in
      ConvBN(
        weights["branch"][i],
        ConvolutionGeometry(inputs, width, kernel: i == 0 ? 1 : 3, dilation: dilation))
    }
    project = ConvBN(weights["project"], ConvolutionGeometry(5 * width, width))
  }

  /// h of c5.
  public func callAsFunction(_ c5: Value) -> EncodedContext {  // 65 × 65 × 2048 at output stride 8
    let mean = image(c5.averaged(named: name + ".image"))  // 1 × 1 × 256
    let spread = mean.resized(like: c5, named: name + ".image")  // 65 × 65 × 256
    let all = spread.applying(  // 65 × 65 × 1280
      Concatenation(), to: branches.map { $0(c5) }, named: name)
    return EncodedContext(h: project(all))  // 65 × 65 × 256
  }
}
