extension ModelConfiguration {
  /// A row of the preset table: which decoder at which output stride.
  private struct Decoder {
    let name: String
    let suffix: String
    let context: ContextKind
    let upsampler: UpsamplerKind
    let outputStride: Int
    let isGuided: Bool
    /// What it is made on.
    var backbones = BackboneKind.allCases
  }

  //                      name          suffix         context        upsampler          os  guided
  private static let decoders = [
    Decoder(
      name: "sfpn", suffix: "", context: .none, upsampler: .sfpn, outputStride: 4, isGuided: false),
    Decoder(
      name: "hfgd", suffix: "-os4", context: .cae, upsampler: .usfpn, outputStride: 4,
      isGuided: true),
    Decoder(
      name: "hfgd", suffix: "-os2", context: .cae, upsampler: .usfpn, outputStride: 2,
      isGuided: true),
    Decoder(
      name: "fcn", suffix: "", context: .fcn, upsampler: .none, outputStride: 32, isGuided: false),
    Decoder(
      name: "mmseg_fpn", suffix: "", context: .none, upsampler: .mmsegFPN, outputStride: 4,
      isGuided: false, backbones: [.resnet50v1c, .resnet101v1c]),
  ]

  /// The backbones that have presets; a checkpoint may name any other, too.
  private static let presetBackbones = BackboneKind.allCases.filter {
    !$0.isPlain && !$0.mayHaveOutputNorms || [.convnextTiny, .swinTiny].contains($0)
  }

  /// The models that can be made by name: every decoder on each of these backbones, but mmsegmentation's on those it is
  /// published with.
  ///
  /// MobileNetV2 has CamVid's 11 classes and narrower heads, mmsegmentation's Semantic FPN Cityscapes' 19 and its own
  /// width; all others have the paper's 59 classes of Pascal Context.
  public static let presets: [ModelConfiguration] = presetBackbones.flatMap { backbone in
    decoders.filter { $0.backbones.contains(backbone) }.map { preset($0, on: backbone) }
  }

  /// The preset of a name such as `hfgd-resnet50_beta-os4`.
  public static func preset(named name: String) -> ModelConfiguration? {
    presets.first { $0.name == name }
  }

  private static func preset(_ decoder: Decoder, on backbone: BackboneKind) -> ModelConfiguration {
    let isSmall = backbone == .mobilenetV2
    let isMMSeg = decoder.upsampler == .mmsegFPN
    let classes: ClassTable = isSmall ? .camVid : isMMSeg ? .cityscapes : .pascalContext
    var preset = ModelConfiguration(
      name: "\(decoder.name)-\(backbone.rawValue)\(decoder.suffix)", backbone: backbone,
      context: decoder.context, upsampler: decoder.upsampler, outputStride: decoder.outputStride,
      isAxial: decoder.isGuided, isGuided: decoder.isGuided, classes: classes.names,
      palette: classes.palette, ignoreIndex: classes.ignoreIndex,
      input: [.resnet50Beta, .mobilenetV2].contains(backbone) ? .symmetric : .imageNet)
    if isSmall {
      preset.width = 96
      preset.contextWide = 1024
      preset.contextWidth = 256
    }
    if isMMSeg { preset.width = 128 }
    return preset
  }
}
