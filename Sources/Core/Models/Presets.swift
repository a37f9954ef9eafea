extension ModelConfiguration {
  /// The models that are listed: HFGD and its baselines on every backbone, and all rows of the paper's tables.
  ///
  /// Of the four sizes of ConvNeXt and Swin the smallest is listed, mmsegmentation's Semantic FPN on the backbones that it is
  /// published with. ``preset(named:)`` knows many more.
  public static let presets: [ModelConfiguration] = {
    var names = BackboneKind.allCases.filter(\.row.isListed).flatMap { backbone in
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
  ///     sfpn  usfpn  fapn  uper  deeplabv3plus  mmseg_fpn    an upsampler
  ///     guidance  axial  hfgm                        class tokens shared with a teacher, axial attention, both
  ///     auxiliary                                    the auxiliary FCN head of §5.1
  ///     lateral_added  end_3x3  …                    an ``Alternative``
  ///     axial_heads=1  width=512  …                  a key of the configuration with another value than the usual
  ///     segvit  segvit_shrunk                        masks of a plain transformer, in place of all these
  ///
  /// as in `sfpn+cae+hfgm-resnet50_beta`. `hfgd` is `usfpn+cae+hfgm`. `-d8` and `-d16` dilate the backbone.
  ///
  /// SegViT has ADE20K's 150 classes; else MobileNetV2 has CamVid's 11 and narrower heads, mmsegmentation's Semantic FPN Cityscapes'
  /// 19 and its own width; all others have the paper's 59 classes of Pascal Context.
  public static func preset(named name: String) -> ModelConfiguration? {
    PresetName(name)?.configuration
  }
}
