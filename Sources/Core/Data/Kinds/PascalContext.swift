extension DataSetKind {
  /// Pascal Context without the background: 59 classes.
  public static let pascalContext = DataSetKind(
    name: "pascal_context", title: "Pascal Context", classes: .pascalContext,
    wrappings: voc2010, layouts: contextLayouts(LabelEncoding(reduceZeroLabel: true)))

  /// Pascal Context with the background as class 0: 60 classes.
  ///
  /// Never found by itself, as the files are the same.
  public static let pascalContext60 = DataSetKind(
    name: "pascal_context_60", title: "Pascal Context with background", classes: .pascalContext60,
    wrappings: voc2010, layouts: contextLayouts(LabelEncoding()))

  private static let voc2010 = ["VOCdevkit/VOC2010", "VOC2010"]

  /// In both layouts 0 is the background and 1…59 are the classes.
  private static func contextLayouts(_ encoding: LabelEncoding) -> [DataSetLayout] {
    [
      DataSetLayout(
        images: "JPEGImages",
        labels: [.init(folders: ["SegmentationClassContext"], encoding: encoding)],
        list: "ImageSets/SegmentationContext/{split}.txt"),
      DataSetLayout(
        images: "images", labels: [.init(folders: ["labels"], encoding: encoding)],
        list: "{split}.txt",
        // Images of VOC up to 2010: YEAR_NUMBER.
        fits: { $0.fileName.contains(/^20(0[7-9]|10)_[0-9]{6}$/) }),
    ]
  }
}
