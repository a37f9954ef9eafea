/// SemanticFPN as the authors build it (iSeg `fpn.py`), and U-SFPN, HFGD's ultra version (§3.3).
///
/// Left side, a feature pyramid: p5 is given or made from c5, p_i = lateral(c_i) + up(p_{i+1}); laterals have batch norm
/// and ReLU and no convolution follows the sum. Right side, the ``SemanticBranches``.
/// U-SFPN has 3×3 laterals instead of 1×1, and reaches output stride 2.
public struct SemanticFPN: Upsampler {
  let lateral: [ConvBN]
  let top: ConvBN?
  let branches: SemanticBranches
  /// 4 or 2.
  public let outputStride: Int
  private let name: String

  /// Reads `lateral.{0,1,2}`, `branch.{0…3}.{j}`, `end`, and `top` unless the caller gives p5.
  public init(
    _ weights: Weights, _ channels: PyramidChannels, width: Int, lateralKernel: Int,
    outputStride: Int, hasTop: Bool
  ) {
    name = weights.path
    self.outputStride = outputStride
    lateral = [channels.c2, channels.c3, channels.c4].enumerated().map { i, inputs in
      ConvBN(weights["lateral"][i], ConvolutionGeometry(inputs, width, kernel: lateralKernel))
    }
    top = hasTop ? ConvBN(weights["top"], ConvolutionGeometry(channels.c5, width)) : nil
    branches = SemanticBranches(weights, width: width, outputStride: outputStride)
  }

  /// The upsampled feature `[n, h/os, w/os, width]`; `guide` is p5, and c5 makes it where there is none.
  ///
  /// The branches of `ablation`, which leaves at least one, are missing from the sum.
  public func callAsFunction(
    _ features: FeaturePyramid, guide: Value?, imageHeight: Int, imageWidth: Int,
    without ablation: Ablation
  ) -> Value {
    let p5 = guide ?? top.map { $0(features.c5) } ?? features.c5  // 17 × 17 × 256
    let p4 = p5.resized(ontoSum: lateral[2](features.c4), named: name + ".lateral.2")  // 33 × 33
    let p3 = p4.resized(ontoSum: lateral[1](features.c3), named: name + ".lateral.1")  // 65 × 65
    let p2 = p3.resized(ontoSum: lateral[0](features.c2), named: name + ".lateral.0")  // 129 × 129
    return branches(
      [p2, p3, p4, p5], imageHeight: imageHeight, imageWidth: imageWidth, without: ablation)
  }
}
