extension ModelConfiguration {
  /// The network that makes features.
  public enum BackboneKind: String, Sendable, CaseIterable {
    /// DeepLab's beta variant of ResNet-50.
    case resnet50Beta = "resnet50_beta"
    /// ResNets of torchvision, then of mmsegmentation, with a stem of three convolutions.
    case resnet50, resnet101
    case resnet50v1c = "resnet50_v1c"
    case resnet101v1c = "resnet101_v1c"
    /// Besides with averages in its shortcuts.
    case resnet50v1d = "resnet50_v1d"
    /// MobileNetV2.
    case mobilenetV2 = "mobilenet_v2"
    /// ConvNeXt, four sizes.
    case convnextTiny = "convnext_tiny"
    case convnextSmall = "convnext_small"
    case convnextBase = "convnext_base"
    case convnextLarge = "convnext_large"
    /// Swin, four sizes; the windows of the largest are 12×12, else 7×7.
    case swinTiny = "swin_tiny"
    case swinSmall = "swin_small"
    case swinBase = "swin_base"
    case swinLarge = "swin_large"
    /// Plain vision transformers, two sizes, all of whose features have output stride 16.
    case vitBase = "vit_base"
    case vitLarge = "vit_large"
  }
}

/// What a configuration chooses in a backbone beyond its kind.
public struct BackboneForm: Sendable, Hashable {
  /// Output stride of c5.
  public var stride = 32
  /// Whether the blocks of a ResNet's last stage have dilations 1, 2, 4 (times that of the stage).
  public var hasMultiGrid = false
  /// Whether each feature passes a LayerNorm, as in mmsegmentation.
  public var hasOutputNorms = false
  /// Where a plain transformer's patches lie.
  var patches = VisionTransformer.Form.whole
  /// How Swin shifts windows that do not fit the grid.
  var shift = WindowShift.torchvision

  /// A backbone's usual form, but for its norms.
  public init(hasOutputNorms: Bool = false) { self.hasOutputNorms = hasOutputNorms }
}

/// The registry of backbones: a row each.
extension ModelConfiguration.BackboneKind {
  /// Whether all features lie on one grid.
  var isPlain: Bool { row.plainWidth != nil }

  /// How the backbone is made, and what may be chosen in it.
  struct Row {
    /// The output strides that c5 can have, the usual one first; less than 32 by dilation.
    var strides = [32]
    /// Whether dilations 1, 2, 4 in the last stage are usual; `nil` where there is no choice.
    var multiGrid: Bool?
    /// Whether its features may pass norms of their own.
    var mayEndInNorms = false
    /// Channels of a plain transformer, all of whose features lie on one grid, which makes no pyramid; `nil` of others.
    var plainWidth: Int?
    /// Whether the heads of its presets are narrow.
    var hasNarrowHeads = false
    /// Whether HFGD and its baselines on it are among the presets that are listed.
    var isListed = true
    /// What its published weights were trained on.
    var input = ModelConfiguration.Normalisation.imageNet
    /// The network whose tensors are below `weights`.
    let network: (_ weights: Weights, _ form: BackboneForm) -> any Backbone
  }

  var row: Row {
    switch self {
    case .resnet50Beta:
      Row(strides: [32, 16, 8], multiGrid: true, input: .symmetric) { ResNet50Beta($0, $1) }
    case .resnet50: .resNet(.resnet50)
    case .resnet101: .resNet(.resnet101)
    case .resnet50v1c: .resNet(.resnet50v1c)
    case .resnet101v1c: .resNet(.resnet101v1c)
    case .resnet50v1d: .resNet(.resnet50v1d)
    case .mobilenetV2:
      Row(strides: [32, 16, 8], hasNarrowHeads: true, input: .symmetric) { MobileNetV2($0, $1) }
    case .convnextTiny: .convNeXt(.tiny, isListed: true)
    case .convnextSmall: .convNeXt(.small)
    case .convnextBase: .convNeXt(.base)
    case .convnextLarge: .convNeXt(.large)
    case .swinTiny: .swin(.tiny, isListed: true)
    case .swinSmall: .swin(.small)
    case .swinBase: .swin(.base)
    case .swinLarge: .swin(.large)
    case .vitBase: .vit(.base)
    case .vitLarge: .vit(.large)
    }
  }

  /// The network, whose tensors are below `weights`.
  func network(_ weights: Weights, _ form: BackboneForm = BackboneForm()) -> any Backbone {
    row.network(weights, form)
  }
}

extension ModelConfiguration.BackboneKind.Row {
  fileprivate static func resNet(_ variant: ResNet.Variant) -> Self {
    Self(strides: [32, 16, 8], multiGrid: false) { ResNet($0, variant, $1) }
  }

  fileprivate static func convNeXt(_ size: ConvNeXt.Size, isListed: Bool = false) -> Self {
    Self(mayEndInNorms: true, isListed: isListed) {
      ConvNeXt(size, $0, hasOutputNorms: $1.hasOutputNorms)
    }
  }

  fileprivate static func swin(_ size: Swin.Size, isListed: Bool = false) -> Self {
    Self(mayEndInNorms: true, isListed: isListed) {
      Swin(size, $0, shift: $1.shift, hasOutputNorms: $1.hasOutputNorms)
    }
  }

  fileprivate static func vit(_ size: VisionTransformer.Size) -> Self {
    Self(strides: [16], plainWidth: size.width, isListed: false, input: .symmetric) {
      VisionTransformer(size, $0, $1.patches)
    }
  }
}
