/// A table of "High-level Feature Guided Decoding for Semantic Segmentation" (arXiv:2303.08646): models and what the authors
/// measured of them.
public struct PaperTable: Sendable {
  /// Its number in the paper.
  public let number: Int
  /// What is compared, on which data set.
  public let title: String
  /// The names of the columns before the figures.
  public let columns: [String]
  /// One model each.
  public let rows: [Row]

  /// A model and its figures.
  public struct Row: Sendable {
    /// The paper's words for it, one a column.
    public let words: [String]
    /// Its preset's name.
    public let preset: String
    /// Mean IoU in percent.
    public let mIoU: Double
    /// What the paper calls GFLOPs: multiply-accumulates of a 513×513 picture in 2³⁰ (spec of the units: docs/study.md).
    public var gigaFLOPs: Double?
    /// How the model is trained, where that is not what its parts say.
    public var training: String?
    /// The output stride of the prediction that is meant, where it is not the finest.
    public var outputStride: Int?

    init(
      _ words: [String], _ preset: String, _ mIoU: Double, gigaFLOPs: Double? = nil,
      training: String? = nil, outputStride: Int? = nil
    ) {
      self.words = words
      self.preset = preset
      self.mIoU = mIoU
      self.gigaFLOPs = gigaFLOPs
      self.training = training
      self.outputStride = outputStride
    }
  }

  /// The table of a number.
  public static func numbered(_ number: Int) -> PaperTable? { all.first { $0.number == number } }
}
