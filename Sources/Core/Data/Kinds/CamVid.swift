extension DataSetKind {
  /// CamVid as the SegNet tutorial has it: 367, 101 and 233 images of 480×360.
  public static let camVid = DataSetKind(
    name: "camvid", title: "CamVid", classes: .camVid, wrappings: ["CamVid"],
    layouts: [
      DataSetLayout(
        images: "{split}", labels: [.init(folders: ["{split}annot"])], list: "{split}.txt",
        isListOptional: true,
        fits: { stem in sequences.contains { stem.fileName.hasPrefix($0) } })
    ])

  /// The four drives that the images were taken on.
  private static let sequences = ["0001TP_", "0006R0_", "0016E5_", "Seq05VD_"]
}
