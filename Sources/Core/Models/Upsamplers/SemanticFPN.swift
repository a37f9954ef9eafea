/// SemanticFPN as the authors build it (iSeg `fpn.py`), and U-SFPN, HFGD's ultra version (§3.3).
///
/// Left side, a feature pyramid: p5 is given or made from c5, p_i = lateral(c_i) + up(p_{i+1}); laterals have batch norm
/// and ReLU and no convolution follows the sum. Right side, the ``SemanticBranches``.
/// U-SFPN has 3×3 laterals instead of 1×1, and reaches output stride 2.
public struct SemanticFPN: Upsampler {
  let lateral: [Lateral]
  let top: ConvBN?
  let levels: [ConvBN]
  let branches: SemanticBranches
  /// 4 or 2.
  public let outputStride: Int
  private let form: Form
  private let name: String

  /// What tells U-SFPN from SemanticFPN, and what the paper leaves open.
  struct Form: Sendable {
    /// What p5 is: the guide, a convolution of it, or a convolution of c5.
    enum Top { case guide, convolvedGuide, c5 }

    /// The side of the laterals' kernels.
    var lateralKernel = 1
    /// Whether a 1×1 convolution stands before a lateral's.
    var hasReducedLaterals = false
    /// Whether a 3×3 convolution stands between each level and its branch, as in the first FPN (arXiv:1612.03144).
    var convolvesLevels = false
    var top = Top.guide
    /// The side of the kernel that makes p5.
    var topKernel = 1
    /// Whether each level is added to the next finer one.
    var flowsDown = true
    var branches = SemanticBranches.Form()
  }

  /// Reads `lateral.{0,1,2}`, `branch.{0…3}.{j}`, `end`, `top` unless the caller gives p5, and `level.{0…3}` where the form has
  /// them.
  init(
    _ weights: Weights, _ channels: PyramidChannels, width: Int, outputStride: Int, _ form: Form
  ) {
    name = weights.path
    self.outputStride = outputStride
    self.form = form
    lateral = [channels.c2, channels.c3, channels.c4].enumerated().map { i, inputs in
      Lateral(weights, i, inputs, width, form)
    }
    top =
      switch form.top {
      case .guide: nil
      case .convolvedGuide:
        ConvBN(weights["top"], ConvolutionGeometry(width, width, kernel: form.topKernel))
      case .c5:
        ConvBN(weights["top"], ConvolutionGeometry(channels.c5, width, kernel: form.topKernel))
      }
    levels = (0..<(form.convolvesLevels ? 4 : 0)).map {
      ConvBN(weights["level"][$0], ConvolutionGeometry(width, width, kernel: 3))
    }
    branches = SemanticBranches(
      weights, width: width, outputStride: outputStride, form.branches)
  }

  /// The upsampled feature `[n, h/os, w/os, width]`; `guide` is p5, or makes it; c5 makes it where the form says so.
  ///
  /// The branches of `ablation`, which leaves at least one, are missing from the sum.
  public func callAsFunction(
    _ features: FeaturePyramid, guide: Value?, imageHeight: Int, imageWidth: Int,
    without ablation: Ablation
  ) -> Value {
    let p5 = p5(features.c5, guide: guide)  // 17 × 17 × 256
    let p4 = level(2, of: features.c4, below: p5)  // 33 × 33
    let p3 = level(1, of: features.c3, below: p4)  // 65 × 65
    let p2 = level(0, of: features.c2, below: p3)  // 129 × 129
    let pyramid = [p2, p3, p4, p5]
    return branches(
      levels.isEmpty ? pyramid : zip(levels, pyramid).map { $0($1) },
      imageHeight: imageHeight, imageWidth: imageWidth, without: ablation)
  }

  /// The coarsest level.
  private func p5(_ c5: Value, guide: Value?) -> Value {
    guard let given = form.top == .c5 ? c5 : guide else {
      preconditionFailure("SemanticFPN whose p5 is not made from c5 stands on a context's feature")
    }
    return top.map { $0(given) } ?? given
  }

  /// The lateral of c, with what flows down from the coarser level.
  private func level(_ i: Int, of c: Value, below coarser: Value) -> Value {
    let fine = lateral[i](c)
    return form.flowsDown
      ? coarser.resized(ontoSum: fine, named: "\(name).lateral.\(i)") : fine
  }
}

/// What brings a level of the backbone to the pyramid's width.
struct Lateral: Sendable {
  let reduce: ConvBN?
  let convolution: ConvBN

  /// Reads `lateral.{i}` and, where the form has it, `reduce.{i}` before.
  init(_ weights: Weights, _ i: Int, _ inputs: Int, _ width: Int, _ form: SemanticFPN.Form) {
    let isReduced = form.hasReducedLaterals
    reduce =
      isReduced ? ConvBN(weights["reduce"][i], ConvolutionGeometry(inputs, width)) : nil
    convolution = ConvBN(
      weights["lateral"][i],
      ConvolutionGeometry(isReduced ? width : inputs, width, kernel: form.lateralKernel))
  }

  /// `[n, h, w, inputs]` → `[n, h, w, width]`.
  func callAsFunction(_ c: Value) -> Value { convolution(reduce.map { $0(c) } ?? c) }
}
