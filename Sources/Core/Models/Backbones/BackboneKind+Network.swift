extension ModelConfiguration.BackboneKind {
  /// The network, whose tensors are below `weights`.
  func network(_ weights: Weights, hasOutputNorms: Bool) -> any Backbone {
    switch self {
    case .resnet50Beta: ResNet50Beta(weights)
    case .resnet50: ResNet50(weights)
    case .mobilenetV2: MobileNetV2(weights)
    case .convnextTiny: ConvNeXt(.tiny, weights, hasOutputNorms: hasOutputNorms)
    case .convnextSmall: ConvNeXt(.small, weights, hasOutputNorms: hasOutputNorms)
    case .convnextBase: ConvNeXt(.base, weights, hasOutputNorms: hasOutputNorms)
    case .convnextLarge: ConvNeXt(.large, weights, hasOutputNorms: hasOutputNorms)
    case .swinTiny: Swin(.tiny, weights, hasOutputNorms: hasOutputNorms)
    case .swinSmall: Swin(.small, weights, hasOutputNorms: hasOutputNorms)
    case .swinBase: Swin(.base, weights, hasOutputNorms: hasOutputNorms)
    case .swinLarge: Swin(.large, weights, hasOutputNorms: hasOutputNorms)
    }
  }

  /// Whether the network can end in norms.
  var mayHaveOutputNorms: Bool {
    switch self {
    case .resnet50Beta, .resnet50, .mobilenetV2: false
    default: true
    }
  }
}
