extension ModelConfiguration {
  /// What brings features to the output's grid.
  public enum UpsamplerKind: String, Sendable, CaseIterable {
    /// Nothing, the authors' SemanticFPN, HFGD's ultra version of it.
    case none, sfpn, usfpn
    /// mmsegmentation's Semantic FPN.
    case mmsegFPN = "mmseg_fpn"
    /// FaPN, UperNet's pyramid, the decoder of DeepLabV3+.
    case fapn, uper, deeplabv3plus
  }
}

/// The registry of upsamplers: a row each.
extension ModelConfiguration.UpsamplerKind {
  /// How the upsampler is made, and what goes with it.
  struct Row {
    /// Whether it can, must or cannot stand on a context's feature h.
    enum Guide { case optional, required, none }

    /// The output strides that it can answer at, the usual one first.
    let strides: [Int]
    var guide = Guide.optional
    /// Whether axial attention may follow it, and HFGM guide it.
    var isRefinable = true
    /// Whether it is as wide as the context's own output.
    var isAsWideAsItsContext = false
    /// Whether the paper leaves open how it is made: ``ModelConfiguration/Alternative``.
    var leavesChoices = false
    /// Whether its pyramid has a width of its own, ``ModelConfiguration/pyramidWidth``.
    var hasPyramidWidth = false
    /// Its width, where that is not the backbone's heads'.
    var usualWidth: Int?
    /// The classes that it is published with, where they are not Pascal Context's.
    var classes: ClassTable?
    /// How Swin shifts windows below it.
    var shift = WindowShift.torchvision
    /// The levels that it can be run without.
    var levels = Ablation.levels
    /// The rules of the program that it comes from.
    var rules = InferenceProtocol.ours
    /// The upsampler of `channels` to `outputStride` whose tensors are below `weights`.
    let upsampler:
      (
        _ weights: Weights, _ channels: PyramidChannels, _ outputStride: Int,
        _ configuration: ModelConfiguration
      ) -> any Upsampler
  }

  /// `nil` where there is no upsampler.
  var row: Row? {
    switch self {
    case .none: nil
    case .sfpn: .semanticFPN(lateralKernel: 1)
    case .usfpn: .semanticFPN(lateralKernel: 3)
    case .mmsegFPN:
      Row(
        strides: [4], guide: .none, isRefinable: false, hasPyramidWidth: true, usualWidth: 128,
        classes: .cityscapes,
        shift: .mmsegmentation, rules: .mmseg
      ) { weights, channels, _, c in
        MMSegFPN(weights, channels, pyramidWidth: c.pyramidWidth, width: c.width)
      }
    case .fapn:
      Row(strides: [4]) { weights, channels, _, c in
        FaPN(weights, channels, width: c.width, hasTop: c.context == .none)
      }
    case .uper:
      Row(strides: [4], guide: .required, isAsWideAsItsContext: true) { weights, channels, _, c in
        UperNet(weights, channels, width: c.width)
      }
    case .deeplabv3plus:
      Row(strides: [4], guide: .required, levels: [.p2]) { weights, channels, _, c in
        DeepLabV3Plus(weights, channels, width: c.width)
      }
    }
  }
}

extension ModelConfiguration.UpsamplerKind.Row {
  fileprivate static func semanticFPN(lateralKernel: Int) -> Self {
    Self(strides: [4, 2], leavesChoices: true) { weights, channels, outputStride, c in
      var form = SemanticFPN.Form(c)
      if !form.convolvesLevels { form.lateralKernel = lateralKernel }
      return SemanticFPN(weights, channels, width: c.width, outputStride: outputStride, form)
    }
  }
}

extension SemanticFPN.Form {
  /// What a configuration chooses.
  fileprivate init(_ c: ModelConfiguration) {
    let others = c.alternatives
    self.init(hasReducedLaterals: others.contains(.lateralAdded))
    convolvesLevels = others.contains(.levelConvolved)
    if c.context == .none || others.contains(.p5FromC5) {
      top = .c5
    } else if others.contains(.p5Convolved) {
      top = .convolvedGuide
    }
    topKernel = others.contains(.top3x3) ? 3 : 1
    flowsDown = !others.contains(.noTopDown)
    branches.convolutions = others.contains(.twoConvolutions) ? 2 : 1
    branches.hasEnd = !others.contains(.axialBeforeEnd)
    branches.endKernel = c.endKernel
  }
}

extension ModelConfiguration {
  /// The side of the kernel behind the branches' sum.
  var endKernel: Int { alternatives.contains(.end3x3) ? 3 : 1 }
}
