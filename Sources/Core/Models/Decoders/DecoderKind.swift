extension ModelConfiguration {
  /// What takes the place of context, upsampler and class tokens.
  public enum DecoderKind: String, Sendable, CaseIterable {
    /// SegViT's masks from three layers of a plain transformer.
    case segvit
    /// Its shrunk form, whose backbone halves its grid.
    case shrunkSegViT = "segvit_shrunk"
  }
}

/// The registry of decoders: a row each.
extension ModelConfiguration.DecoderKind {
  /// Whether the backbone halves its grid behind a third of its layers.
  var isShrunk: Bool { self == .shrunkSegViT }

  /// The decoder of `channels` whose tensors are below `weights`.
  func decoder(
    _ weights: Weights, _ channels: PyramidChannels, _ c: ModelConfiguration
  ) -> any MaskDecoder {
    switch self {
    case .segvit: SegViT(weights, channels, width: c.width, classes: c.classes.count)
    case .shrunkSegViT:
      ShrunkSegViT(
        weights, channels, width: c.width, classes: c.classes.count, grid: c.queryGrid)
    }
  }
}

extension ModelConfiguration {
  /// What does not go together with masks.
  func contradictions(with decoder: DecoderKind) -> [String] {
    let name = decoder.rawValue
    var problems: [String] = []
    if !backbone.row.isPlain {
      let plain = BackboneKind.allCases.filter(\.row.isPlain).map(\.rawValue)
      problems.append(
        "backbone is \(backbone.rawValue); decoder \(name) stands on \(plain.joined(separator: " or "))"
      )
    }
    if context != .none {
      problems.append("context is \(context.rawValue); decoder \(name) takes c5 as it is")
    }
    if upsampler != .none {
      problems.append("upsampler is \(upsampler.rawValue); decoder \(name) needs none")
    }
    if outputStride != 1 {
      problems.append("output_stride is \(outputStride); with decoder \(name) it is 1")
    }
    if isAxial { problems.append("axial is true; decoder \(name) has no features to refine") }
    if isGuided { problems.append("guidance is true; decoder \(name) has no teacher") }
    if hasAuxiliary { problems.append("auxiliary is fcn; decoder \(name) stands alone") }
    if refineStride != nil {
      problems.append("refine_stride is given; decoder \(name) has no student")
    }
    if width % SegViT.headWidth != 0 {
      problems.append(
        "width is \(width), not a multiple of the \(SegViT.headWidth) channels of a head")
    }
    return problems
  }
}
