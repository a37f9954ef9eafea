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
  /// The encoder of `inputs` channels whose tensors are below `weights`; `nil` where c5 stays as it is.
  func encoder(
    _ weights: Weights, _ inputs: Int, _ c: ModelConfiguration
  ) -> (any ContextEncoder)? {
    let (wide, inner, width) = (c.contextWide, c.contextWidth, c.width)
    return switch self {
    case .none: nil
    case .fcn: FCNHead(weights, inputs, inner: inner, width: width)
    case .cae:
      ContextAugmentationEncoder(weights, inputs, wide: wide, inner: inner, width: width)
    case .aspp: AtrousPyramid(weights, inputs, width: width, outputStride: c.backboneStride)
    case .ocr:
      ObjectContext(
        weights, inputs, wide: wide, inner: inner, width: width, classes: c.classes.count)
    case .ppm: PyramidPooling(weights, inputs, inner: inner, width: width)
    case .sa: NonLocalHead(weights, inputs, .plain, inner: inner, width: width)
    case .saCAR: NonLocalHead(weights, inputs, .regularised, inner: inner, width: width)
    }
  }

  /// Whether its own output is ``ModelConfiguration/contextWidth`` wide, which class tokens can see without a last convolution.
  var isAsWideAsItself: Bool {
    switch self {
    case .none, .fcn, .cae, .aspp: false
    case .ocr, .sa, .saCAR, .ppm: true
    }
  }

  /// Whether every cell of its grid looks at all of them, in a layer that can be looked at.
  var hasAttention: Bool {
    switch self {
    case .none, .fcn, .aspp, .ocr, .ppm: false
    case .cae, .sa, .saCAR: true
    }
  }
}
