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
        for hasOutputNorms in backbone.mayHaveOutputNorms ? [false, true] : [false] {
          let requests = backbone.tensors(hasOutputNorms: hasOutputNorms)
          for prefix in family.prefixes {
            let naming = TensorNaming.backbone(family, prefix: prefix)
            guard let stem = requests.first, let source = naming.source(stem.name),
              source.names.allSatisfy({ file[$0] != nil })
            else { continue }
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
  /// Every tensor of the backbone, below `backbone.`, in its order.
  func tensors(hasOutputNorms: Bool) -> [TensorRequest] {
    let outline = WeightOutline()
    let weights = Weights(outline)
    _ = network(weights["backbone"], hasOutputNorms: hasOutputNorms)
    weights.makeLayers(threads: Threads(1))
    return outline.requests
  }
}
