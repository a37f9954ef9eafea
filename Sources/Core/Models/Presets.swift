extension ModelConfiguration {
  /// The models that are listed: HFGD and its baselines on every backbone, and all rows of the paper's tables.
  ///
  /// Of the four sizes of ConvNeXt and Swin the smallest is listed, mmsegmentation's Semantic FPN on the backbones that it is
  /// published with. ``preset(named:)`` knows many more.
  public static let presets: [ModelConfiguration] = {
    let usual = BackboneKind.allCases.filter {
      !$0.row.isPlain && !$0.row.mayEndInNorms || [.convnextTiny, .swinTiny].contains($0)
    }
    var names = usual.flatMap { backbone in
      let name = backbone.rawValue
      let decoders = ["sfpn-\(name)", "hfgd-\(name)-os4", "hfgd-\(name)-os2", "fcn-\(name)"]
      return decoders
        + ([.resnet50v1c, .resnet101v1c].contains(backbone) ? ["mmseg_fpn-\(name)"] : [])
    }
    names += ["segvit-vit_base", "segvit-vit_large", "segvit_shrunk-vit_large"]
    for row in PaperTable.all.flatMap(\.rows) where !names.contains(row.preset) {
      names.append(row.preset)
    }
    return names.map { name in
      guard let preset = preset(named: name) else { preconditionFailure("\(name) is no preset") }
      return preset
    }
  }()

  /// The preset of a name `DECODER-BACKBONE[-d8|-d16][-os2|-os4]`, such as `hfgd-resnet50_beta-os4`; `nil` where it is no
  /// model's.
  ///
  /// DECODER is an upsampler, a context or both, joined with what else is in the model:
  ///
  ///     fcn  aspp  ocr  sa  sa_car  cae  ppm        a context, alone or with an upsampler
  ///     sfpn  usfpn  fapn  uper  deeplabv3plus       an upsampler
  ///     guidance  axial  hfgm                        class tokens shared with a teacher, axial attention, both
  ///     auxiliary                                    the auxiliary FCN head of §5.1
  ///     lateral_added  end_3x3  …                    an ``Alternative``
  ///     segvit  segvit_shrunk                        masks of a plain transformer, in place of all these
  ///
  /// as in `sfpn+cae+hfgm-resnet50_beta`. `hfgd` is `usfpn+cae+hfgm`. `-d8` and `-d16` dilate the backbone.
  ///
  /// MobileNetV2 has CamVid's 11 classes and narrower heads, mmsegmentation's Semantic FPN Cityscapes' 19 and its own width, SegViT
  /// ADE20K's 150; all others have the paper's 59 classes of Pascal Context.
  public static func preset(named name: String) -> ModelConfiguration? {
    PresetName(name)?.configuration
  }
}

/// The parts of a preset's name.
private struct PresetName {
  let name: String
  let backbone: ModelConfiguration.BackboneKind
  var context = ModelConfiguration.ContextKind.none
  var upsampler = ModelConfiguration.UpsamplerKind.none
  var isGuided = false, isAxial = false, hasAuxiliary = false
  var decoder: ModelConfiguration.DecoderKind?
  var alternatives: Set<ModelConfiguration.Alternative> = []
  var outputStride: Int?
  var backboneStride: Int?

  /// Reads a name; `nil` where a part is unknown or is there twice.
  init?(_ name: String) {
    var parts = name.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 2, let backbone = ModelConfiguration.BackboneKind(rawValue: parts[1])
    else { return nil }
    self.name = name
    self.backbone = backbone
    let words = parts.removeFirst().split(separator: "+", omittingEmptySubsequences: false)
    for word in words { guard take(word: String(word)) else { return nil } }
    for suffix in parts.dropFirst() { guard take(suffix: suffix) else { return nil } }
  }

  private mutating func take(word: String) -> Bool {
    if word == "hfgd" { return ["usfpn", "cae", "hfgm"].allSatisfy { take(word: $0) } }
    if let context = ModelConfiguration.ContextKind(rawValue: word), context != .none {
      return Self.set(&self.context, to: context, from: .none)
    }
    if let upsampler = ModelConfiguration.UpsamplerKind(rawValue: word), upsampler != .none {
      return Self.set(&self.upsampler, to: upsampler, from: .none)
    }
    if let decoder = ModelConfiguration.DecoderKind(rawValue: word) {
      return Self.set(&self.decoder, to: decoder, from: nil)
    }
    if let alternative = ModelConfiguration.Alternative(rawValue: word) {
      return alternatives.insert(alternative).inserted
    }
    switch word {
    case "guidance": return Self.set(&isGuided, to: true, from: false)
    case "axial": return Self.set(&isAxial, to: true, from: false)
    case "auxiliary": return Self.set(&hasAuxiliary, to: true, from: false)
    case "hfgm":
      return Self.set(&isGuided, to: true, from: false) && Self.set(&isAxial, to: true, from: false)
    default: return false
    }
  }

  private mutating func take(suffix: String) -> Bool {
    switch suffix {
    case "d8": Self.set(&backboneStride, to: 8, from: nil)
    case "d16": Self.set(&backboneStride, to: 16, from: nil)
    case "os2": Self.set(&outputStride, to: 2, from: nil)
    case "os4": Self.set(&outputStride, to: 4, from: nil)
    default: false
    }
  }

  private static func set<Part: Equatable>(
    _ part: inout Part, to value: Part, from free: Part
  ) -> Bool {
    guard part == free else { return false }
    part = value
    return true
  }

  /// The model, `nil` where the parts do not go together.
  var configuration: ModelConfiguration? {
    let isSmall = backbone == .mobilenetV2
    let isMMSeg = upsampler == .mmsegFPN
    let classes: ClassTable =
      decoder != nil ? .ade20k : isSmall ? .camVid : isMMSeg ? .cityscapes : .pascalContext
    let coarse = backboneStride ?? backbone.row.strides[0]
    var preset = ModelConfiguration(
      name: name, backbone: backbone, context: context, upsampler: upsampler,
      outputStride: outputStride ?? upsampler.row?.strides[0] ?? (decoder == nil ? coarse : 1),
      isAxial: isAxial,
      isGuided: isGuided, classes: classes.names, palette: classes.palette,
      ignoreIndex: classes.ignoreIndex, input: backbone.row.input)
    preset.backboneStride = coarse
    preset.hasAuxiliary = hasAuxiliary
    preset.alternatives = alternatives
    preset.decoder = decoder
    if isSmall {
      preset.contextWide = 1024
      preset.contextWidth = 256
    }
    preset.width = preset.usualWidth
    return preset.contradictions.isEmpty ? preset : nil
  }
}

extension ModelConfiguration {
  /// The width that a preset of these parts has.
  var usualWidth: Int {
    if decoder != nil { return backbone == .vitBase ? 384 : 512 }
    if upsampler == .mmsegFPN { return 128 }
    // The tokens of these heads see their own output, as in CAR's code; below an upsampler it is narrowed.
    if context.row?.isAsWideAsItself == true && upsampler.row?.isAsWideAsItsContext != false {
      return contextWidth
    }
    return backbone == .mobilenetV2 ? 96 : 256
  }
}
