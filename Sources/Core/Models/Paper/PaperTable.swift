/// A table of a paper: models and what its authors measured of them.
public struct PaperTable: Sendable {
  /// Where a table stands.
  public enum Paper: String, Sendable, CaseIterable {
    /// "High-level Feature Guided Decoding for Semantic Segmentation", arXiv:2303.08646.
    case hfgd
    /// "SegViT: Semantic Segmentation with Plain Vision Transformers", arXiv:2210.05844.
    case segvit
  }

  /// The paper.
  public var paper = Paper.hfgd
  /// Its number in the paper.
  public let number: Int
  /// What is compared, on which data set.
  public let title: String
  /// The names of the columns before the figures.
  public let columns: [String]
  /// What the second figure of rows is.
  public var secondFigure: String?
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
    /// Another figure of the paper's, the table's ``secondFigure``.
    public let second: Double?
    /// What the paper calls GFLOPs.
    public var gigaFLOPs: Double?
    /// The data set's classes, where they are not the preset's.
    public var classes: ClassTable?
    /// Width and height of the picture that operations are counted for.
    public var side = 513
    /// How the model is trained, where that is not what its parts say.
    public var training: String?
    /// The output stride of the prediction that is meant, where it is not the finest.
    public var outputStride: Int?

    init(
      _ words: [String], _ preset: String, _ mIoU: Double, second: Double? = nil,
      gigaFLOPs: Double? = nil, training: String? = nil, outputStride: Int? = nil
    ) {
      self.words = words
      self.preset = preset
      self.mIoU = mIoU
      self.second = second
      self.gigaFLOPs = gigaFLOPs
      self.training = training
      self.outputStride = outputStride
    }

    /// The row as it is for other classes and pictures of another size.
    func on(_ classes: ClassTable, side: Int) -> Row {
      var row = self
      row.classes = classes
      row.side = side
      return row
    }

    /// The model: the preset, of the row's classes, with as many queries as the picture has patches.
    public var configuration: ModelConfiguration {
      guard var configuration = ModelConfiguration.preset(named: preset) else {
        preconditionFailure("\(preset) is no preset")
      }
      if let classes {
        configuration.classes = classes.names
        configuration.palette = classes.palette
        configuration.ignoreIndex = classes.ignoreIndex
      }
      configuration.fitQueries(toCropsOf: side)
      return configuration
    }
  }

  /// All tables that are known.
  public static let all = hfgd + segvit

  /// The table of a number.
  public static func numbered(_ number: Int, of paper: Paper = .hfgd) -> PaperTable? {
    all.first { $0.paper == paper && $0.number == number }
  }
}
