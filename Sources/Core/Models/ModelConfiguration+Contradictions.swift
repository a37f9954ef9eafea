extension ModelConfiguration {
  /// Parts that are each allowed but do not make a model together, a sentence each.
  var contradictions: [String] {
    backboneContradictions
      + (decoder.map(contradictions) ?? decoderContradictions + guidanceContradictions)
      + contextContradictions + alternativeContradictions + classContradictions
  }

  private var contextContradictions: [String] {
    guard let least = context.row?.leastWidth, contextWidth < least else { return [] }
    return [
      "context_width is \(contextWidth); with context \(context.rawValue) it is at least \(least)"
    ]
  }

  private var backboneContradictions: [String] {
    let (row, name) = (backbone.row, backbone.rawValue)
    var problems: [String] = []
    if !row.strides.contains(backboneStride) {
      problems.append(
        "backbone_stride is \(backboneStride); of \(name) it is \(row.strides.alternatives)")
    }
    if hasMultiGrid && row.multiGrid == nil {
      problems.append("multi_grid is true; \(name) has no last stage of three blocks")
    }
    if hasOutputNorms && !row.mayEndInNorms {
      problems.append("output_norm is true; \(name) has no norms behind its stages")
    }
    return problems
  }

  private var decoderContradictions: [String] {
    guard let row = upsampler.row else {
      var problems: [String] = []
      if outputStride != backboneStride {
        problems.append(
          "output_stride is \(outputStride); without an upsampler it is \(backboneStride)")
      }
      if context == .none {
        problems.append("context is none; without an upsampler it makes the features")
      }
      if isAxial {
        problems.append("axial is true; without an upsampler there is nothing to refine")
      }
      return problems
    }
    let name = upsampler.rawValue
    var problems: [String] = []
    if backbone.isPlain {
      problems.append(
        "upsampler is \(name); the features of \(backbone.rawValue) make no pyramid")
    }
    if !row.strides.contains(outputStride) {
      problems.append(
        "output_stride is \(outputStride); with upsampler \(name) it is \(row.strides.alternatives)"
      )
    }
    switch row.guide {
    case .optional: break
    case .required where context == .none:
      problems.append("context is none; upsampler \(name) stands on a context's feature")
    case .none where context != .none:
      problems.append("context is \(context.rawValue); upsampler \(name) takes c5 as it is")
    case .required, .none: break
    }
    if isAxial && !row.isRefinable {
      problems.append("axial is true; nothing follows upsampler \(name) but the tokens")
    }
    if isGuided && !row.isRefinable {
      problems.append("guidance is true; upsampler \(name) has no teacher")
    }
    return problems
  }

  private var classContradictions: [String] {
    palette.count == classes.count
      ? [] : ["palette has \(palette.count) colours for \(classes.count) classes"]
  }

  private var guidanceContradictions: [String] {
    var problems: [String] = []
    if isGuided && upsampler.row?.isRefinable != false && (context == .none || upsampler == .none) {
      problems.append(
        "guidance is true; it needs a context (the teacher) and an upsampler (the student)")
    }
    if hasAuxiliary && (isGuided || upsampler == .none) {
      problems.append("auxiliary is fcn; it stands beside an upsampler that is not guided")
    }
    if refineStride != nil
      && !(isGuided && outputStride == 4 && upsampler.row?.strides.contains(2) == true)
    {
      problems.append(
        "refine_stride is given; it needs guidance, output_stride 4 and an upsampler that reaches 2"
      )
    }
    if isAxial {
      for (key, channels) in [("width", width), ("axial_width", axialWidth)]
      where channels % axialHeads != 0 && (key == "width" || channels != width) {
        problems.append("\(key) is \(channels), not a multiple of axial_heads, \(axialHeads)")
      }
    }
    return problems
  }
}

extension [Int] {
  /// `32, 16 or 8`.
  fileprivate var alternatives: String {
    guard let last, count > 1 else { return map(String.init).joined() }
    return dropLast().map(String.init).joined(separator: ", ") + " or \(last)"
  }
}
