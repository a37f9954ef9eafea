extension ModelConfiguration {
  /// The paper's extra encoding of c5.
  public enum ContextKind: String, Sendable, CaseIterable {
    /// Nothing, the head of an FCN, the context augmentation encoder.
    case none, fcn, cae
    /// Atrous spatial pyramid pooling, object-contextual representations, the pyramid pooling module.
    case aspp, ocr, ppm
    /// Self-attention, and the same as CAR trains it.
    case sa
    case saCAR = "sa_car"
  }
}

/// The registry of contexts: a row each.
extension ModelConfiguration.ContextKind {
  /// How the context is made, and what goes with it.
  struct Row {
    /// Whether its own output is ``ModelConfiguration/contextWidth`` wide, which class tokens can see without a last convolution.
    var isAsWideAsItself = false
    /// Whether it has a layer of ``ModelConfiguration/contextWide`` channels.
    var hasWide = false
    /// What ``ModelConfiguration/contextWidth`` may be, upwards; `nil` where it has no such layer.
    var leastWidth: Int? = 1
    /// Whether every cell of its grid looks at all of them, in a layer that can be looked at.
    var hasAttention = false
    /// The encoder of `inputs` channels whose tensors are below `weights`.
    let encoder:
      (_ weights: Weights, _ inputs: Int, _ configuration: ModelConfiguration) -> any ContextEncoder
  }

  /// `nil` where c5 stays as it is.
  var row: Row? {
    switch self {
    case .none: nil
    case .fcn: Row { FCNHead($0, $1, inner: $2.contextWidth, width: $2.width) }
    case .cae:
      Row(hasWide: true, hasAttention: true) {
        ContextAugmentationEncoder(
          $0, $1, wide: $2.contextWide, inner: $2.contextWidth, width: $2.width,
          ContextAugmentationEncoder.Form($2))
      }
    case .aspp:
      Row(leastWidth: nil) {
        AtrousPyramid($0, $1, width: $2.width, outputStride: $2.backboneStride)
      }
    case .ocr:
      Row(isAsWideAsItself: true, hasWide: true, leastWidth: 2) {
        ObjectContext(
          $0, $1, wide: $2.contextWide, inner: $2.contextWidth, width: $2.width,
          classes: $2.classes.count)
      }
    case .ppm:
      Row(isAsWideAsItself: true) {
        PyramidPooling($0, $1, inner: $2.contextWidth, width: $2.width)
      }
    case .sa: .nonLocal(.plain)
    case .saCAR: .nonLocal(.regularised)
    }
  }
}

extension ContextAugmentationEncoder.Form {
  /// What a configuration chooses.
  fileprivate init(_ c: ModelConfiguration) {
    if c.alternatives.contains(.caeLinear) { activation = .identity }
    if c.alternatives.contains(.cae3x3) { endKernel = 3 }
  }
}

extension ModelConfiguration.ContextKind.Row {
  fileprivate static func nonLocal(_ form: NonLocalHead.Form) -> Self {
    Self(isAsWideAsItself: true, hasAttention: true) {
      NonLocalHead($0, $1, form, inner: $2.contextWidth, width: $2.width)
    }
  }
}
