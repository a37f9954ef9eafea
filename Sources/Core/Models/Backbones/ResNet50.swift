/// ResNet-50 as torchvision has it: "Deep Residual Learning for Image Recognition", arXiv:1512.03385, table 1, with the
/// stride in the 3×3 of a stage's first block (version 1.5).
public struct ResNet50: Backbone {
  let stem: ConvBN
  let stages: [[Bottleneck]]

  /// 256, 512, 1024 and 2048.
  public let channels = PyramidChannels(c2: 256, c3: 512, c4: 1024, c5: 2048)
  private static let epsilon = 1e-5

  /// Reads `conv1`, `bn1` and `layer{1…4}`.
  public init(_ weights: Weights) {
    stem = ConvBN(
      weights, ConvolutionGeometry(3, 64, kernel: 7, stride: 2), epsilon: Self.epsilon,
      conv: "conv1", norm: "bn1")
    //           stage   1   2    3    4
    let blocks: [Int] = [3, 4, 6, 3]
    let widths: [Int] = [64, 128, 256, 512]
    stages = (0..<4).map { s in
      (0..<blocks[s]).map { b in
        Bottleneck(
          weights["layer\(s + 1)"][b],
          b > 0 ? 4 * widths[s] : s > 0 ? 4 * widths[s - 1] : 64, width: widths[s],
          stride: b == 0 && s > 0 ? 2 : 1, epsilon: Self.epsilon)
      }
    }
  }

  /// c2 … c5 are the outputs of the four stages.
  public func callAsFunction(_ image: Value) -> FeaturePyramid {  // 513 × 513 × 3
    var x = stem(image)  // 257 × 257 × 64
    x = x.pooled(.stem, named: "backbone.pool")  // 129 × 129 × 64
    let c = stages.map { stage in
      x = stage.reduce(x) { $1($0) }
      return x
    }
    return FeaturePyramid(c2: c[0], c3: c[1], c4: c[2], c5: c[3])  // 129, 65, 33, 17
  }
}
