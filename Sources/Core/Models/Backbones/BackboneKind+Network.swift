extension ModelConfiguration.BackboneKind {
  /// The network, whose tensors are below `weights`.
  func network(
    _ weights: Weights, hasOutputNorms: Bool = false, shift: WindowShift = .torchvision
  ) -> any Backbone {
    switch self {
    case .resnet50Beta: ResNet50Beta(weights)
    case .resnet50: ResNet(weights, .resnet50)
    case .resnet101: ResNet(weights, .resnet101)
    case .resnet50v1c: ResNet(weights, .resnet50v1c)
    case .resnet101v1c: ResNet(weights, .resnet101v1c)
    case .resnet50v1d: ResNet(weights, .resnet50v1d)
    case .mobilenetV2: MobileNetV2(weights)
    case .convnextTiny: ConvNeXt(.tiny, weights, hasOutputNorms: hasOutputNorms)
    case .convnextSmall: ConvNeXt(.small, weights, hasOutputNorms: hasOutputNorms)
    case .convnextBase: ConvNeXt(.base, weights, hasOutputNorms: hasOutputNorms)
    case .convnextLarge: ConvNeXt(.large, weights, hasOutputNorms: hasOutputNorms)
    case .swinTiny: Swin(.tiny, weights, shift: shift, hasOutputNorms: hasOutputNorms)
    case .swinSmall: Swin(.small, weights, shift: shift, hasOutputNorms: hasOutputNorms)
    case .swinBase: Swin(.base, weights, shift: shift, hasOutputNorms: hasOutputNorms)
    case .swinLarge: Swin(.large, weights, shift: shift, hasOutputNorms: hasOutputNorms)
    case .vitBase: VisionTransformer(.base, weights)
    case .vitLarge: VisionTransformer(.large, weights)
    }
  }

  /// Whether all features have output stride 16.
  var isPlain: Bool { [.vitBase, .vitLarge].contains(self) }

  /// Whether the network can end in norms.
  var mayHaveOutputNorms: Bool {
    switch self {
    case .resnet50Beta, .resnet50, .resnet101, .resnet50v1c, .resnet101v1c, .resnet50v1d,
      .mobilenetV2, .vitBase, .vitLarge:
      false
    case .convnextTiny, .convnextSmall, .convnextBase, .convnextLarge, .swinTiny, .swinSmall,
      .swinBase, .swinLarge:
      true
    }
  }
}
