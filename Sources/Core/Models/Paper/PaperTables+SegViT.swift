extension PaperTable {
  /// Tables 1 to 3 of the SegViT paper, of its own models.
  static let segvit: [PaperTable] = [
    PaperTable(
      paper: .segvit, number: 1, title: "ADE20K, single scale; GFLOPs in 10⁹",
      columns: ["Method", "Backbone", "Crop"], secondFigure: "mIoU, several scales",
      rows: [
        Row(
          ["SegViT", "ViT-Base", "512×512"], "segvit-vit_base", 51.3, second: 53.0,
          gigaFLOPs: 120.9
        ).on(.ade20k, side: 512),
        Row(
          ["SegViT (Shrunk)", "ViT-Large", "640×640"], "segvit_shrunk-vit_large", 53.9,
          second: 55.1,
          gigaFLOPs: 373.5
        ).on(.ade20k, side: 640),
        Row(
          ["SegViT", "ViT-Large", "640×640"], "segvit-vit_large", 54.6, second: 55.2,
          gigaFLOPs: 637.9
        ).on(.ade20k, side: 640),
      ]),
    PaperTable(
      paper: .segvit, number: 2, title: "COCO-Stuff-10K, several scales, 512×512; GFLOPs in 10⁹",
      columns: ["Method", "Backbone"],
      rows: [
        Row(
          ["SegViT (Shrunk)", "ViT-Large"], "segvit_shrunk-vit_large", 49.4, gigaFLOPs: 224.8
        ).on(.cocoStuff, side: 512),
        Row(
          ["SegViT", "ViT-Large"], "segvit-vit_large", 50.3, gigaFLOPs: 383.9
        ).on(.cocoStuff, side: 512),
      ]),
    PaperTable(
      paper: .segvit, number: 3,
      title: "Pascal Context, 59 classes, several scales, 480×480; GFLOPs in 10⁹",
      columns: ["Method", "Backbone"], secondFigure: "mIoU, 60 classes",
      rows: [
        Row(
          ["SegViT (Shrunk)", "ViT-Large"], "segvit_shrunk-vit_large", 63.7, second: 57.4,
          gigaFLOPs: 186.9
        ).on(.pascalContext, side: 480),
        Row(
          ["SegViT", "ViT-Large"], "segvit-vit_large", 65.3, second: 59.3,
          gigaFLOPs: 321.6
        ).on(.pascalContext, side: 480),
      ]),
  ]
}
