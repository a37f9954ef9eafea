import Core

extension ModelConfiguration {
  /// The presets that are walked: all, but of those of more than 10⁸ parameters one on each backbone, since a decoder's other
  /// presets are walked on smaller backbones.
  public static let walked: [String] = {
    var seen: Set<BackboneKind> = []
    return presets.filter { preset in
      let size = ModelSummary(
        preset, width: 33, height: 33, outputStride: preset.outputStride, threads: Threads(1))
      let isFirst = seen.insert(preset.backbone).inserted
      return isFirst || size.parameters <= 100_000_000
    }.map(\.name)
  }()
}
