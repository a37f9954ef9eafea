/// The decoder of DeepLabV3+ (arXiv:1802.02611, figure 2) as the authors of HFGD have it (iSeg `layers/simpledecoder.py`), with
/// ordinary convolutions; its encoder is the context `aspp`, on a dilated backbone.
///
///     h ────────── up ─┐
///                      ├─ side by side ─ 3×3 ─ 3×3 ─ to the tokens
///     c2 ─ 1×1 of 48 ──┘
public struct DeepLabV3Plus: Upsampler {
  let low: ConvBN
  let conv: [ConvBN]
  /// 4.
  public let outputStride = 4
  private let name: String

  /// Channels that c2 is reduced to, so that h outweighs it (section 4.1).
  private static let lowWidth = 48

  /// Reads `low`, `conv.0` and `conv.1`.
  public init(_ weights: Weights, _ channels: PyramidChannels, width: Int) {
    name = weights.path
    low = ConvBN(weights["low"], ConvolutionGeometry(channels.c2, Self.lowWidth))
    conv = [Self.lowWidth + width, width].enumerated().map { i, inputs in
      ConvBN(weights["conv"][i], ConvolutionGeometry(inputs, width, kernel: 3))
    }
  }

  /// The refined feature `[n, h/4, w/4, width]` of c2 and h.
  ///
  /// Zeros take the place of c2 where `ablation` leaves p2 out.
  public func callAsFunction(
    _ features: FeaturePyramid, guide: Value?, imageHeight: Int, imageWidth: Int,
    without ablation: Ablation
  ) -> Value {
    guard let h = guide else { preconditionFailure("DeepLabV3+ stands on a context's feature") }
    let fine = low(features.c2)  // 129 × 129 × 48
    let detail =
      ablation.contains(.p2) ? fine.trace.constant(Constant(fine.shape, 0), named: low.name) : fine
    let both = detail.concatenated(with: h.resized(like: fine, named: name), named: name)
    return conv[1](conv[0](both))  // 129 × 129 × 304 → 256 → 256
  }
}
