/// The bottleneck networks of "Deep Residual Learning for Image Recognition" (arXiv:1512.03385), table 1, with the stride
/// in the 3×3 of a stage's first block.
///
/// Their variants have the letters of "Bag of Tricks for Image Classification with Convolutional Neural Networks"
/// (arXiv:1812.01187), figure 2: B is torchvision's network, C begins with three 3×3 convolutions, and D besides averages
/// in a strided shortcut what B and C skip. At output stride 16 or 8 the last strides become dilation, from the block after
/// theirs on, as in torchvision and mmsegmentation; with a multi-grid (arXiv:1706.05587, section 3.1) from theirs on.
public struct ResNet: Backbone {
  /// A row of the table.
  public struct Variant: Sendable, Hashable {
    /// Blocks of the four stages.
    let blocks: [Int]
    /// The letter of figure 2.
    let letter: Letter

    enum Letter: Sendable { case b, c, d }

    /// torchvision's.
    public static let resnet50 = Variant(blocks: [3, 4, 6, 3], letter: .b)
    /// torchvision's.
    public static let resnet101 = Variant(blocks: [3, 4, 23, 3], letter: .b)
    /// mmsegmentation's ResNetV1c.
    public static let resnet50v1c = Variant(blocks: [3, 4, 6, 3], letter: .c)
    /// mmsegmentation's ResNetV1c.
    public static let resnet101v1c = Variant(blocks: [3, 4, 23, 3], letter: .c)
    /// mmsegmentation's ResNetV1d and timm's resnet50d.
    public static let resnet50v1d = Variant(blocks: [3, 4, 6, 3], letter: .d)
  }

  let stem: [ConvBN]
  let stages: [[Bottleneck]]

  /// 256, 512, 1024 and 2048.
  public let channels = PyramidChannels(c2: 256, c3: 512, c4: 1024, c5: 2048)
  private static let epsilon = 1e-5

  /// Reads `conv1` and `bn1`, or `stem.{0,1,2}` of C and D, and `layer{1…4}`.
  public init(_ weights: Weights, _ variant: Variant, _ form: BackboneForm = BackboneForm()) {
    stem =
      variant.letter == .b
      ? [
        ConvBN(
          weights, ConvolutionGeometry(3, 64, kernel: 7, stride: 2), epsilon: Self.epsilon,
          conv: "conv1", norm: "bn1")
      ]
      : ConvBN.deepStem(weights["stem"], widths: [32, 32, 64], epsilon: Self.epsilon)
    let widths: [Int] = [64, 128, 256, 512]
    let multiGrid = form.hasMultiGrid ? [1, 2, 4] : nil
    var atrous = AtrousStrides(limit: form.stride, reached: 4)
    stages = (0..<4).map { s in
      (0..<variant.blocks[s]).map { b in
        let before = atrous.dilation
        let stride = atrous.take(b == 0 && s > 0 ? 2 : 1)
        let grid = s == 3 ? multiGrid?[b] : nil
        return Bottleneck(
          weights["layer\(s + 1)"][b],
          b > 0 ? 4 * widths[s] : s > 0 ? 4 * widths[s - 1] : 64, width: widths[s],
          stride: stride, dilation: grid.map { $0 * atrous.dilation } ?? before,
          epsilon: Self.epsilon, pooling: variant.letter == .d)
      }
    }
  }

  /// c2 … c5 are the outputs of the four stages.
  public func callAsFunction(_ image: Value) -> FeaturePyramid {  // 513 × 513 × 3
    var x = stem.reduce(image) { $1($0) }  // 257 × 257 × 64
    x = x.pooled(.stem, named: "backbone.pool")  // 129 × 129 × 64
    let c = stages.map { stage in
      x = stage.reduce(x) { $1($0) }
      return x
    }
    return FeaturePyramid(c2: c[0], c3: c[1], c4: c[2], c5: c[3])  // 129, 65, 33, 17
  }
}
