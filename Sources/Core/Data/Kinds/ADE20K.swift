extension DataSetKind {
  /// ADE20K in the version of the scene parsing challenge: label 0 is "other".
  public static let ade20k = DataSetKind(
    name: "ade20k", title: "ADE20K", classes: .ade20k, wrappings: ["ADEChallengeData2016"],
    layouts: [
      DataSetLayout(
        images: "images/{split}",
        labels: [
          .init(
            folders: ["annotations/{split}"], encoding: LabelEncoding(reduceZeroLabel: true))
        ],
        splits: ["training", "validation"], fits: { $0.fileName.hasPrefix("ADE_") })
    ])
}
