extension DataSetKind {
  /// Cityscapes as it is shipped, and flat with lists as iSeg and iDS keep it.
  public static let cityscapes = DataSetKind(
    name: "cityscapes", title: "Cityscapes", classes: .cityscapes,
    layouts: [
      DataSetLayout(
        images: "leftImg8bit/{split}",
        labels: [
          // Made by a script of the authors' from the one that is shipped.
          .init(
            folders: ["gtFine/{split}"], imageSuffix: "_leftImg8bit",
            suffix: "_gtFine_labelTrainIds", instanceSuffix: "_gtFine_instanceIds"),
          .init(
            folders: ["gtFine/{split}"], imageSuffix: "_leftImg8bit", suffix: "_gtFine_labelIds",
            encoding: LabelEncoding(mapping: .cityscapesIds), instanceSuffix: "_gtFine_instanceIds"
          ),
          .init(
            folders: ["gtCoarse/{split}"], imageSuffix: "_leftImg8bit",
            suffix: "_gtCoarse_labelTrainIds"),
          .init(
            folders: ["gtCoarse/{split}"], imageSuffix: "_leftImg8bit",
            suffix: "_gtCoarse_labelIds", encoding: LabelEncoding(mapping: .cityscapesIds)),
        ]),
      DataSetLayout(
        images: "images",
        labels: [
          .init(folders: ["labels"]), .init(folders: ["labels"], imageSuffix: "_leftImg8bit"),
        ],
        list: "{split}.txt",
        // CITY_SEQUENCE_FRAME
        fits: { $0.fileName.contains(/^[a-z-]+_[0-9]{6}_[0-9]{6}/) }),
    ])
}

extension LabelMapping {
  /// Ids 0…33 to the 19 train ids; the other 15 are ignored.
  public static let cityscapesIds = LabelMapping(
    numbering: Cityscapes.labels.filter { $0.trainID != nil }
      .sorted { ($0.trainID ?? 0) < ($1.trainID ?? 0) }.map { UInt16($0.id) },
    ignoringUpTo: 33)
}
