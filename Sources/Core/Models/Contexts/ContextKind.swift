extension ModelConfiguration {
  /// The paper's extra encoding of c5.
  public enum ContextKind: String, Sendable, CaseIterable {
    /// Nothing, the head of an FCN, the context augmentation encoder.
    case none, fcn, cae
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
    case .sa: NonLocalHead(weights, inputs, .plain, inner: inner, width: width)
    case .saCAR: NonLocalHead(weights, inputs, .regularised, inner: inner, width: width)
    }
  }

  /// Whether its own output is ``ModelConfiguration/contextWidth`` wide, which class tokens can see without a last convolution.
  var isAsWideAsItself: Bool {
    switch self {
    case .none, .fcn, .cae: false
    case .sa, .saCAR: true
    }
  }

  /// Whether every cell of its grid looks at all of them, in a layer that can be looked at.
  var hasAttention: Bool {
    switch self {
    case .none, .fcn: false
    case .cae, .sa, .saCAR: true
    }
  }
}
