/// UperNet's pyramid (arXiv:1807.10221, figure 4) as the authors of HFGD have it (CAR `heads/uper.py`); its top, the pyramid
/// pooling of c5, is the context `ppm`.
///
///     h ────────────────────────────────┐
///                   up ↓                │
///     c4 ─ lateral ─ + ─ p4 ─ 3×3 ──────┤
///                   up ↓                ├─ side by side on the grid of c2 ─ 3×3 ─ to the tokens
///     c3 ─ lateral ─ + ─ p3 ─ 3×3 ──────┤
///                   up ↓                │
///     c2 ─ lateral ─ + ─ p2 ─ 3×3 ──────┘
public struct UperNet: Upsampler {
  let lateral, output: [ConvBN]
  let end: ConvBN
  /// 4.
  public let outputStride = 4
  private let name: String

  /// Reads `lateral.{0,1,2}`, `output.{0,1,2}` and `end`.
  public init(_ weights: Weights, _ channels: PyramidChannels, width: Int) {
    name = weights.path
    lateral = [channels.c2, channels.c3, channels.c4].enumerated().map { i, inputs in
      ConvBN(weights["lateral"][i], ConvolutionGeometry(inputs, width))
    }
    output = (0..<3).map { i in
      ConvBN(weights["output"][i], ConvolutionGeometry(width, width, kernel: 3))
    }
    end = ConvBN(weights["end"], ConvolutionGeometry(4 * width, width, kernel: 3))
  }

  /// The fused feature `[n, h/4, w/4, width]` of c2, c3, c4 and h.
  ///
  /// Zeros take the place of the levels of `ablation`.
  public func callAsFunction(
    _ features: FeaturePyramid, guide: Value?, imageHeight: Int, imageWidth: Int,
    without ablation: Ablation
  ) -> Value {
    guard let h = guide else { preconditionFailure("UperNet stands on a context's feature") }
    precondition(ablation.leavesABranch, "without \(ablation) nothing is left to fuse")
    let p4 = h.resized(ontoSum: lateral[2](features.c4), named: name + ".lateral.2")  // 33 × 33
    let p3 = p4.resized(ontoSum: lateral[1](features.c3), named: name + ".lateral.1")  // 65 × 65
    let p2 = p3.resized(ontoSum: lateral[0](features.c2), named: name + ".lateral.0")  // 129 × 129

    let levels = zip(Ablation.levels, [output[0](p2), output[1](p3), output[2](p4), h]).map {
      ablation.contains($0)
        ? p2.trace.constant(Constant(p2.shape, 0), named: name + ".output")
        : $1.resized(like: p2, named: name + ".output")
    }
    return end(  // 129 × 129 × 2048 → 512
      levels[0].concatenated(with: levels[1], levels[2], levels[3], named: name + ".output"))
  }
}
