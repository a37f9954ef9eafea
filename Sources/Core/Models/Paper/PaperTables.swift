extension PaperTable {
  /// The paper trains its largest models by its second recipe, and does not say whether also where they are rows of ablations.
  private static let swinRecipe = "--recipe advanced"

  /// §7.2's crop for Cityscapes.
  private static let cityscapesCrop = "--crop 1025x513"

  /// Tables 1 to 9 and 12 of the HFGD paper.
  ///
  /// Where the paper leaves a choice open, each preset takes the one that docs/paper.md names.
  static let hfgd: [PaperTable] = [
    PaperTable(
      number: 1, title: "dilation and Semantic FPN with extra encodings; Pascal Context, ResNet-50",
      columns: ["Decoder", "Extra encoding"],
      rows: [
        Row(["-", "Identity"], "fcn-resnet50_beta", 45.87),
        Row(["Dilation, OS=8", "Identity"], "fcn-resnet50_beta-d8", 47.72),
        Row(["SFPN, OS=4", "Identity"], "sfpn-resnet50_beta", 47.14),
        Row(["-", "ASPP"], "aspp-resnet50_beta", 46.41),
        Row(["Dilation, OS=8", "ASPP"], "aspp-resnet50_beta-d8", 48.59),
        Row(["SFPN, OS=4", "ASPP"], "sfpn+aspp-resnet50_beta", 47.81),
        Row(["-", "OCR"], "ocr-resnet50_beta", 45.5),
        Row(["Dilation, OS=8", "OCR"], "ocr-resnet50_beta-d8", 48.23),
        Row(["SFPN, OS=4", "OCR"], "sfpn+ocr-resnet50_beta", 47.39),
        Row(["-", "SA"], "sa-resnet50_beta", 45.02),
        Row(["Dilation, OS=8", "SA"], "sa-resnet50_beta-d8", 48.32),
        Row(["SFPN, OS=4", "SA"], "sfpn+sa-resnet50_beta", 45.9),
        Row(["-", "SA (CAR)"], "sa_car-resnet50_beta", 47.18),
        Row(["Dilation, OS=8", "SA (CAR)"], "sa_car-resnet50_beta-d8", 50.5),
        Row(["SFPN, OS=4", "SA (CAR)"], "sfpn+sa_car-resnet50_beta", 48.51),
        Row(
          ["SFPN, OS=4, auxiliary FCN (§5.1)", "Identity"], "sfpn+auxiliary-resnet50_beta", 44.35,
          outputStride: 32),
        Row(
          ["the same, stopped before the backbone", "Identity"], "sfpn+auxiliary-resnet50_beta",
          40.04, training: "--set stop_auxiliary=true", outputStride: 32),
      ]),
    PaperTable(
      number: 2, title: "ImageNet weights; FCN on ResNet-50, Pascal Context",
      columns: ["Weights", "Iterations"],
      rows: [
        Row(["ImageNet", "30K"], "fcn-resnet50_beta", 45.87),
        Row(["scratch", "30K"], "fcn-resnet50_beta", 26.13, training: "no --weights"),
        Row(
          ["scratch", "90K"], "fcn-resnet50_beta", 31.38, training: "no --weights, --steps 90000"),
        Row(
          ["scratch", "180K"], "fcn-resnet50_beta", 34.0, training: "no --weights, --steps 180000"),
      ]),
    PaperTable(
      number: 3, title: "settings of HFGM on Semantic FPN; Pascal Context, ResNet-50",
      columns: ["Extra encoding", "HFGM"],
      rows: [
        Row(["Identity", "-"], "sfpn-resnet50_beta", 47.14),
        Row(["Identity", "+ guidance"], "sfpn+fcn+guidance-resnet50_beta", 47.67),
        Row(["Identity", "+ AA"], "sfpn+axial-resnet50_beta", 47.88),
        Row(["Identity", "full"], "sfpn+fcn+hfgm-resnet50_beta", 48.94),
        Row(
          ["Identity", "full, no stop-grad (§5.2)"], "sfpn+fcn+hfgm-resnet50_beta", 48.5,
          training: "--guidance unstopped"),
      ]),
    PaperTable(
      number: 4, title: "CAE and CAR; Pascal Context, ResNet-50",
      columns: ["Method", "HFGM", "Extra encoding"],
      rows: [
        Row(["ResNet-50", "-", "SA (CAR)"], "sa_car-resnet50_beta", 47.18),
        Row(["ResNet-50", "-", "CAE"], "cae-resnet50_beta", 47.35),
        Row(["ResNet-50 + SFPN", "-", "SA (CAR)"], "sfpn+sa_car-resnet50_beta", 48.51),
        Row(["ResNet-50 + SFPN", "-", "CAE"], "sfpn+cae-resnet50_beta", 48.76),
        Row(["ResNet-50 + SFPN", "full", "SA (CAR)"], "sfpn+sa_car+hfgm-resnet50_beta", 50.0),
        Row(["ResNet-50 + SFPN", "full", "CAE"], "sfpn+cae+hfgm-resnet50_beta", 50.28),
      ]),
    PaperTable(
      number: 5, title: "settings of HFGM with CAE on Semantic FPN; Pascal Context, ResNet-50",
      columns: ["Extra encoding", "HFGM"],
      rows: [
        Row(["CAE", "-"], "sfpn+cae-resnet50_beta", 48.76),
        Row(["CAE", "+ guidance"], "sfpn+cae+guidance-resnet50_beta", 49.22),
        Row(["CAE", "+ AA"], "sfpn+cae+axial-resnet50_beta", 49.06),
        Row(["CAE", "full"], "sfpn+cae+hfgm-resnet50_beta", 50.28),
      ]),
    PaperTable(
      number: 6, title: "upsamplers with CAE and HFGM; Pascal Context",
      columns: ["Backbone", "Upsampler"],
      rows: [
        Row(["ResNet-50", "SFPN"], "sfpn+cae+hfgm-resnet50_beta", 50.28),
        Row(["ResNet-50", "U-SFPN"], "hfgd-resnet50_beta-os4", 50.76),
        Row(["Swin-Large", "SFPN"], "sfpn+cae+hfgm-swin_large", 59.32, training: swinRecipe),
        Row(["Swin-Large", "U-SFPN"], "hfgd-swin_large-os4", 60.46, training: swinRecipe),
      ]),
    PaperTable(
      number: 7, title: "the three modules; Pascal Context",
      columns: ["Backbone", "Extra encoding", "Upsampler", "HFGM"],
      rows: [
        Row(["ResNet-50", "Identity", "SFPN", "-"], "sfpn-resnet50_beta", 47.14),
        Row(["ResNet-50", "CAE", "SFPN", "-"], "sfpn+cae-resnet50_beta", 48.76),
        Row(["ResNet-50", "Identity", "U-SFPN", "-"], "usfpn-resnet50_beta", 46.99),
        Row(["ResNet-50", "CAE", "U-SFPN", "-"], "usfpn+cae-resnet50_beta", 48.67),
        Row(["ResNet-50", "CAE", "U-SFPN", "full"], "hfgd-resnet50_beta-os4", 50.76),
        Row(
          ["Swin-Large", "CAE", "SFPN", "-"], "sfpn+cae-swin_large", 56.78, training: swinRecipe),
        Row(
          ["Swin-Large", "Identity", "U-SFPN", "-"], "usfpn-swin_large", 58.69, training: swinRecipe
        ),
        Row(
          ["Swin-Large", "CAE", "U-SFPN", "-"], "usfpn+cae-swin_large", 55.76, training: swinRecipe),
        Row(
          ["Swin-Large", "CAE", "U-SFPN", "full"], "hfgd-swin_large-os4", 60.46,
          training: swinRecipe),
      ]),
    PaperTable(
      number: 8, title: "upsamplers without and with HFGM; Pascal Context",
      columns: ["Backbone", "Upsampler", "EE", "HFGM"],
      rows: [
        Row(["R50", "U-SFPN", "CAE", "-"], "usfpn+cae-resnet50_beta", 48.67),
        Row(["R50", "U-SFPN", "CAE", "full"], "hfgd-resnet50_beta-os4", 50.76),
        Row(["R50", "FaPN", "-", "-"], "fapn-resnet50_beta", 47.5),
        Row(["R50", "FaPN", "-", "full"], "fapn+fcn+hfgm-resnet50_beta", 49.87),
        Row(["R50", "Uper", "PPM", "-"], "uper+ppm-resnet50_beta", 48.25),
        Row(["R50", "Uper", "PPM", "full"], "uper+ppm+hfgm-resnet50_beta", 49.96),
        Row(["R50 (D8)", "DeepLabV3+", "ASPP", "-"], "deeplabv3plus+aspp-resnet50_beta-d8", 48.11),
        Row(
          ["R50 (D8)", "DeepLabV3+", "ASPP", "full"], "deeplabv3plus+aspp+hfgm-resnet50_beta-d8",
          49.7),
      ]),
    PaperTable(
      number: 9, title: "computation for 513×513 pictures; Pascal Context",
      columns: ["Method", "Backbone"],
      rows: [
        Row(["SA (CAR)", "ResNet-50 (D8)"], "sa_car-resnet50_beta-d8", 50.5, gigaFLOPs: 158.96),
        Row(["SemanticFPN", "ResNet-50"], "sfpn-resnet50_beta", 47.14, gigaFLOPs: 45.65),
        Row(["HFGD (OS=4)", "ResNet-50"], "hfgd-resnet50_beta-os4", 50.76, gigaFLOPs: 71.63),
        Row(["HFGD (OS=2)", "ResNet-50"], "hfgd-resnet50_beta-os2", 51.0, gigaFLOPs: 153.62),
      ]),
    PaperTable(
      number: 12, title: "output strides; Cityscapes, operations for 513×513",
      columns: ["Method", "Backbone", "OS"],
      rows: [
        Row(
          ["SemanticFPN", "ResNet-50", "4"], "sfpn-resnet50_beta", 76.44, training: cityscapesCrop
        )
        .on(.cityscapes, side: 513),
        Row(["HFGD", "ResNet-50", "4"], "hfgd-resnet50_beta-os4", 79.11, training: cityscapesCrop)
          .on(.cityscapes, side: 513),
        Row(["HFGD", "ResNet-50", "2"], "hfgd-resnet50_beta-os2", 79.81, training: cityscapesCrop)
          .on(.cityscapes, side: 513),
      ]),
  ]
}
