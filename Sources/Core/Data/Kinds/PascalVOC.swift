extension DataSetKind {
  /// Pascal VOC 2012, and its augmentation (lists that name images of `SegmentationClassAug`).
  public static let pascalVOC = DataSetKind(
    name: "voc2012", title: "Pascal VOC 2012", classes: .pascalVOC,
    wrappings: ["VOCdevkit/VOC2012", "VOC2012"],
    layouts: [
      DataSetLayout(
        images: "JPEGImages",
        labels: [.init(folders: ["SegmentationClass", "SegmentationClassAug"])],
        list: "ImageSets/Segmentation/{split}.txt")
    ])
}
