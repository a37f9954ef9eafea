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
  /// How the decoder is made, and what goes with it.
  struct Row {
    /// Where the backbone's patches lie.
    var patches = VisionTransformer.Form.whole
    /// Whether a query is learned for each patch of a training crop.
    var learnsPixels = false
    /// The decoder of `channels` whose tensors are below `weights`.
    let decoder:
      (
        _ weights: Weights, _ channels: PyramidChannels, _ configuration: ModelConfiguration
      ) -> any MaskDecoder
  }

  var row: Row {
    switch self {
    case .segvit: Row { SegViT($0, $1, width: $2.width, classes: $2.classes.count) }
    case .shrunkSegViT:
      Row(patches: .halved, learnsPixels: true) {
        ShrunkSegViT($0, $1, width: $2.width, classes: $2.classes.count, grid: $2.queryGrid)
      }
    }
  }
}

extension ModelConfiguration {
  /// What does not go together with masks.
  func contradictions(with decoder: DecoderKind) -> [String] {
    let name = decoder.rawValue
    var problems: [String] = []
    if !backbone.isPlain {
      let plain = BackboneKind.allCases.filter(\.isPlain).map(\.rawValue)
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
