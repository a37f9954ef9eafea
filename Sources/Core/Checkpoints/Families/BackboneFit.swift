/// The backbone that a file's tensors are, and whose names they have.
public struct BackboneFit: Sendable {
  /// Which of our backbones it is.
  public let backbone: ModelConfiguration.BackboneKind
  /// Whether its outputs are normalised, as mmsegmentation does it.
  public let hasOutputNorms: Bool
  /// Which tensors of the file make it.
  public let mapping: TensorMapping

  /// The fit with the fewest tensors missing or wrong among `backbones`; `nil` where not even the stem is found.
  public init?(
    _ file: TensorFile,
    among backbones: [ModelConfiguration.BackboneKind] = ModelConfiguration.BackboneKind.allCases
  ) {
    var best: (fit: BackboneFit, faults: Int)?
    for family in BackboneFamily.all {
      for backbone in family.backbones where backbones.contains(backbone) {
        // Outlining a network takes longer than opening a file of 1 GB, so its first tensor must be there.
        let namings = family.prefixes.map { TensorNaming.backbone(family, prefix: $0) }
          .filter { $0.source(backbone.stem)?.names.allSatisfy { file[$0] != nil } ?? false }
        guard !namings.isEmpty else { continue }
        for hasOutputNorms in backbone.row.mayEndInNorms ? [false, true] : [false] {
          let requests = backbone.tensors(hasOutputNorms: hasOutputNorms)
          for naming in namings {
            let mapping = TensorMapping(requests, from: file, naming)
            let faults = mapping.problems.count
            if best.map({ faults < $0.faults }) ?? true {
              let fit = BackboneFit(
                backbone: backbone, hasOutputNorms: hasOutputNorms, mapping: mapping)
              best = (fit, faults)
            }
          }
        }
      }
    }
    guard let best else { return nil }
    self = best.fit
  }

  private init(
    backbone: ModelConfiguration.BackboneKind, hasOutputNorms: Bool, mapping: TensorMapping
  ) {
    self.backbone = backbone
    self.hasOutputNorms = hasOutputNorms
    self.mapping = mapping
  }
}

extension ModelConfiguration.BackboneKind {
  /// The first tensor of the backbone.
  var stem: String {
    let name =
      switch self {
      case .resnet50, .resnet101: "conv1.weight"
      case .resnet50Beta, .resnet50v1c, .resnet101v1c, .resnet50v1d: "stem.0.conv.weight"
      case .mobilenetV2: "features.0.0.weight"
      case .convnextTiny, .convnextSmall, .convnextBase, .convnextLarge: "stem.0.weight"
      case .swinTiny, .swinSmall, .swinBase, .swinLarge, .vitBase, .vitLarge:
        "patch_embed.proj.weight"
      }
    return TensorNaming.backbonePrefix + name
  }

  /// Every tensor of the backbone, below `backbone.`, in its order.
  func tensors(hasOutputNorms: Bool) -> [TensorRequest] {
    let outline = WeightOutline()
    let weights = Weights(outline)
    _ = network(weights["backbone"], BackboneForm(hasOutputNorms: hasOutputNorms))
    weights.makeLayers(threads: Threads(1))
    return outline.requests
  }
}
