extension DataSetKind {
  /// Any images beside label maps; the classes stand in a file of the folder, else they are the model's.
  public static let folders = DataSetKind(
    name: "folders", title: "folders", classes: nil,
    layouts: [
      DataSetLayout(
        images: "{split}", labels: [.init(folders: ["{split}annot"])], list: "{split}.txt",
        isListOptional: true),
      DataSetLayout(
        images: "images/{split}", labels: labels { "\($0)/{split}" }, splits: SplitName.common),
      DataSetLayout(images: "{split}/images", labels: labels { "{split}/\($0)" }),
      DataSetLayout(
        images: "images", labels: labels { $0 }, list: "{split}.txt", isListOptional: true),
      DataSetLayout(
        images: "JPEGImages", labels: [.init(folders: ["SegmentationClass"])],
        list: "ImageSets/Segmentation/{split}.txt"),
    ])

  /// Labels in a folder of any usual name, with any usual ending.
  private static func labels(_ folder: (String) -> String) -> [DataSetLayout.Labels] {
    ["labels", "annotations", "masks"].flatMap { named([folder($0)]) }
  }

  /// Labels in `folders` by each of the usual endings of their names.
  static func named(_ folders: [String], _ encoding: LabelEncoding = LabelEncoding())
    -> [DataSetLayout.Labels]
  {
    let endings = [
      "", "_labelTrainIds", "_label", "_labels", "_mask", "_masks", "_gt", "_seg", "_L",
    ]
    return endings.map { .init(folders: folders, suffix: $0, encoding: encoding) } + [
      .init(folders: folders, imageSuffix: "_leftImg8bit", suffix: "_gtFine_labelTrainIds"),
      .init(folders: folders, imageSuffix: "_leftImg8bit"),
    ]
  }
}
