/// Semantic FPN as mmsegmentation builds it, out of its neck `FPN` and its head `FPNHead`: "Panoptic Feature Pyramid
/// Networks" (arXiv:1901.02446), figure 3, with batch norm.
///
///     c5 ─ lateral ─────── output ─ conv ×2 ─ conv ×2 ─ conv ×2 ─┐
///                   ×2 ↓                                         +
///     c4 ─ lateral ─ + ─── output ─ conv ×2 ─ conv ×2 ───────────┤
///                   ×2 ↓                                         +
///     c3 ─ lateral ─ + ─── output ─ conv ×2 ─────────────────────┤
///                   ×2 ↓                                         +
///     c2 ─ lateral ─ + ─── output ─ conv ────────────────────────┴─ to the tokens
///
/// It differs from ``SemanticFPN`` in that laterals have neither norm nor activation, the way down takes the nearest
/// pixel, a 3×3 convolution follows each sum, branches are narrower than the pyramid and double exactly, with half-pixel
/// centres, and nothing stands behind their sum.
public struct MMSegFPN: Upsampler {
  let lateral, output: [Conv]
  let branches: [[ConvBN]]
  /// 4.
  public let outputStride = 4
  private let name: String

  /// Batch norm's ε in `FPNHead` (PyTorch's default).
  private static let epsilon = 1e-5

  /// Reads `lateral.{0…3}` and `output.{0…3}`, of `pyramidWidth` channels, and `branch.{0…3}.{j}`, of `width`.
  public init(_ weights: Weights, _ channels: PyramidChannels, pyramidWidth: Int, width: Int) {
    name = weights.path
    lateral = [channels.c2, channels.c3, channels.c4, channels.c5].enumerated().map { i, inputs in
      Conv(weights["lateral"][i], inputs, pyramidWidth)
    }
    output = (0..<4).map { i in
      Conv(weights["output"][i], pyramidWidth, pyramidWidth, kernel: 3)
    }
    branches = (0..<4).map { level in
      (0..<max(1, level)).map { j in
        ConvBN(
          weights["branch"][level][j],
          ConvolutionGeometry(j == 0 ? pyramidWidth : width, width, kernel: 3),
          epsilon: Self.epsilon)
      }
    }
  }

  /// The sum of the branches `[n, h/4, w/4, width]`; there is no guide.
  public func callAsFunction(
    _ features: FeaturePyramid, guide: Value?, imageHeight: Int, imageWidth: Int,
    without ablation: Ablation
  ) -> Value {
    precondition(guide == nil, "mmsegmentation's FPN takes c5, not a context's feature")
    precondition(ablation.leavesABranch, "without \(ablation) nothing is left to sum")
    let l5 = lateral[3](features.c5)  // 16 × 16 × 256 for 512 × 512
    let l4 = l5.resized(
      ontoSum: lateral[2](features.c4), by: .nearest, named: name + ".lateral.2")  // 32 × 32
    let l3 = l4.resized(
      ontoSum: lateral[1](features.c3), by: .nearest, named: name + ".lateral.1")  // 64 × 64
    let l2 = l3.resized(
      ontoSum: lateral[0](features.c2), by: .nearest, named: name + ".lateral.0")  // 128 × 128

    var sum: Value?
    for (level, l) in [l2, l3, l4, l5].enumerated()
    where !ablation.contains(Ablation.levels[level]) {
      let b = branch(level, of: output[level](l))
      let named = "\(name).branch.\(level)"
      // Doubling overshoots where a side was halved with a remainder; all meet on the grid of c2.
      sum =
        sum.map { b.resized(ontoSum: $0, by: .centred, named: named) }
        ?? b.resized(like: l2, by: .centred, named: named)
    }
    return sum ?? l2  // 128 × 128 × 128
  }

  /// Convolved and doubled once for each level between p and c2; on that of c2 convolved alone.
  private func branch(_ level: Int, of p: Value) -> Value {
    branches[level].reduce(p) { x, convolution in
      let y = convolution(x)
      guard level > 0 else { return y }
      return y.resized(
        height: 2 * y.shape.h, width: 2 * y.shape.w, by: .centred,
        named: "\(name).branch.\(level)")
    }
  }
}
