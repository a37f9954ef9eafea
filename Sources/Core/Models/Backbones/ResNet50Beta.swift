/// DeepLab's "resnet_v1_50_beta", the backbone of HFGD's own experiments (iSeg `resnet_common.py`).
///
/// Three differences to the ResNet-50 of the paper (``ResNet``): a stem of three 3×3 convolutions; the stride in the
/// last block of stages 1–3, whose shortcut is an average pool, so that c2, c3 and c4 are tapped just before it; and
/// dilations 1, 2, 4 (the multi-grid) in stage 4. At output stride 16 or 8 the last strides become dilation, from their
/// blocks on.
public struct ResNet50Beta: Backbone {
  let stem: [ConvBN]
  let stages: [[Bottleneck]]

  /// 256, 512, 1024 and 2048.
  public let channels = PyramidChannels(c2: 256, c3: 512, c4: 1024, c5: 2048)
  private static let epsilon = 1.001e-5

  /// Reads `stem.{0,1,2}` and `layer{1…4}`.
  public init(_ weights: Weights, _ form: BackboneForm) {
    stem = ConvBN.deepStem(weights["stem"], widths: [64, 64, 128], epsilon: Self.epsilon)
    //                stage   1    2     3     4
    let blocks: [Int] = [3, 4, 6, 3]
    let widths: [Int] = [64, 128, 256, 512]
    let inputs: [Int] = [128, 256, 512, 1024]
    let multiGrid = form.hasMultiGrid ? [1, 2, 4] : [1, 1, 1]
    var atrous = AtrousStrides(limit: form.stride, reached: 4)
    stages = (0..<4).map { s in
      (0..<blocks[s]).map { b in
        // The stride of stage 1 leads from the grid of c2 to that of c3, and so on.
        let stride = atrous.take(s < 3 && b == blocks[s] - 1 ? 2 : 1)
        return Bottleneck(
          weights["layer\(s + 1)"][b], b == 0 ? inputs[s] : 4 * widths[s], width: widths[s],
          stride: stride, dilation: atrous.dilation * (s == 3 ? multiGrid[b] : 1),
          epsilon: Self.epsilon, pooling: true)
      }
    }
  }

  /// c2, c3 and c4 enter the strided block of their stage; c5 leaves stage 4.
  public func callAsFunction(_ image: Value) -> FeaturePyramid {  // 513 × 513 × 3
    var x = stem.reduce(image) { $1($0) }  // 257 × 257 × 128
    x = x.pooled(.stem, named: "backbone.stem.pool")  // 129 × 129 × 128
    var taps: [Value] = []
    for stage in stages {
      for (b, block) in stage.enumerated() {
        if b == stage.count - 1 && taps.count < 3 { taps.append(x) }
        x = block(x)
      }
    }
    return FeaturePyramid(c2: taps[0], c3: taps[1], c4: taps[2], c5: x)  // 129, 65, 33, 17
  }
}
