/// FaPN (arXiv:2108.07058, figure 2) as the authors of HFGD have it (iSeg `layers/fapn.py`): a feature pyramid whose finer levels
/// are selected, and whose coarser ones are bent to fit them, before the two are added.
///
///     c5 ─ top ────────────────────── p5 ─┐
///                            align ↓      │
///     c4 ─ select ─ u4 ─────────── + ─ p4 ┤
///                            align ↓      ├─ semantic branches ─ to the tokens
///     c3 ─ select ─ u3 ─────────── + ─ p3 ┤
///                            align ↓      │
///     c2 ─ select ─ u2 ─────────── + ─ p2 ┘
///
/// Where the authors depart from FaPN's own program, theirs is taken: one deformable group instead of 8,
/// two convolutions with ReLU between them in the selection instead of one, and the branches of ``SemanticFPN`` behind the
/// pyramid, whose way down is resized with aligned corners.
public struct FaPN: Upsampler {
  let select: [FeatureSelection]
  let align: [FeatureAlignment]
  let top: ConvBN?
  let branches: SemanticBranches
  /// 4.
  public let outputStride = 4

  /// Reads `select.{0,1,2}`, `align.{0,1,2}`, `branch.{0…3}.{j}`, `end`, and `top` unless the caller gives p5.
  public init(_ weights: Weights, _ channels: PyramidChannels, width: Int, hasTop: Bool) {
    let finer = [channels.c2, channels.c3, channels.c4]
    select = finer.enumerated().map { FeatureSelection(weights["select"][$0], $1, width) }
    align = finer.indices.map { FeatureAlignment(weights["align"][$0], width) }
    top = hasTop ? ConvBN(weights["top"], ConvolutionGeometry(channels.c5, width)) : nil
    branches = SemanticBranches(weights, width: width, outputStride: outputStride)
  }

  /// The upsampled feature `[n, h/4, w/4, width]`; `guide` is p5, and c5 makes it where there is none.
  public func callAsFunction(
    _ features: FeaturePyramid, guide: Value?, imageHeight: Int, imageWidth: Int,
    without ablation: Ablation
  ) -> Value {
    guard let p5 = guide ?? top.map({ $0(features.c5) }) else {  // 17 × 17 × 256
      preconditionFailure("FaPN without a top stands on a context's feature")
    }
    let p4 = align[2](p5, onto: select[2](features.c4))  // 33 × 33
    let p3 = align[1](p4, onto: select[1](features.c3))  // 65 × 65
    let p2 = align[0](p3, onto: select[0](features.c2))  // 129 × 129
    return branches(
      [p2, p3, p4, p5], imageHeight: imageHeight, imageWidth: imageWidth, without: ablation)
  }
}

/// FaPN's feature selection (figure 3): channels are made stronger by what the whole map says about them, then reduced.
///
///     u = W · (c + σ(outer(ReLU(inner(mean of c)))) · c)
struct FeatureSelection: Sendable {
  let inner, outer, project: Conv
  private let name: String

  /// Reads `inner`, with bias, and `outer` and `project`, without.
  init(_ weights: Weights, _ channels: Int, _ width: Int) {
    name = weights.path
    inner = Conv(weights["inner"], ConvolutionGeometry(channels, channels), .relu)
    outer = Conv(weights["outer"], ConvolutionGeometry(channels, channels), hasBias: false)
    project = Conv(weights["project"], ConvolutionGeometry(channels, width), hasBias: false)
  }

  /// u of c.
  func callAsFunction(_ c: Value) -> Value {
    let importance = outer(inner(c.averaged(named: name + ".mean")))  // 1 × 1
    return project(c.applying(ChannelGate(), to: importance, named: name + ".gate"))
  }
}

/// FaPN's feature alignment (figure 4): where the samples of the coarser level lie is made from both levels.
///
///     p = ReLU(DCN(up(p'), mix(u, 2·up(p')))) + u
struct FeatureAlignment: Sendable {
  let mix: Conv
  let conv: DeformableConv
  private let name: String

  /// Reads `mix`, without bias, `conv` and `conv.offset`.
  init(_ weights: Weights, _ width: Int) {
    name = weights.path
    mix = Conv(weights["mix"], ConvolutionGeometry(2 * width, width), hasBias: false)
    conv = DeformableConv(weights["conv"], DeformableGeometry(width, width), .relu)
  }

  /// The level p of u's grid.
  func callAsFunction(_ coarse: Value, onto u: Value) -> Value {
    let up = coarse.resized(like: u, named: name)
    let both = u.concatenated(with: up.summed(with: up, named: name), named: name)
    return conv(up, guidedBy: mix(both)).summed(with: u, named: name)
  }
}
