extension DataSetKind {
  /// COCO-Stuff on the images of COCO 2017; raw label maps start at 0 and have gaps.
  public static let cocoStuff164k = DataSetKind(
    name: "coco_stuff164k", title: "COCO-Stuff 164k", classes: .cocoStuff,
    layouts: [
      cocoStuff(
        splits: ["train2017", "val2017"], trainIds: LabelEncoding(),
        raw: LabelEncoding(mapping: .cocoStuffIds))
    ])

  /// The first 10 000 images of COCO-Stuff: 0 is "unlabelled" in both forms of its labels.
  public static let cocoStuff10k = DataSetKind(
    name: "coco_stuff10k", title: "COCO-Stuff 10k", classes: .cocoStuff,
    layouts: [
      cocoStuff(
        splits: ["train2014", "test2014"], trainIds: LabelEncoding(reduceZeroLabel: true),
        raw: LabelEncoding(reduceZeroLabel: true, mapping: .cocoStuffIds))
    ])

  private static func cocoStuff(
    splits: Set<String>, trainIds: LabelEncoding, raw: LabelEncoding
  ) -> DataSetLayout {
    DataSetLayout(
      images: "images/{split}",
      labels: [
        .init(folders: ["annotations/{split}"], suffix: "_labelTrainIds", encoding: trainIds),
        .init(folders: ["annotations/{split}"], encoding: raw),
      ],
      splits: splits)
  }
}

extension LabelMapping {
  /// COCO's 182 ids, counted from 0, to the 171 classes that occur.
  public static let cocoStuffIds = LabelMapping(
    numbering: (0...181).filter {
      ![11, 25, 28, 29, 44, 65, 67, 68, 70, 82, 90].contains($0)
    }, ignoringUpTo: 181)
}
