/// The scores of each image and their means over images, as FiftyOne and torchmetrics report them.
///
/// Images may be added in any order, and in parts: the result is the same to the last bit.
public struct PerImageScores: Sendable, Equatable {
  /// K.
  public let classes: Int
  /// The weight of recall in the F-score.
  public let beta: Double
  /// How many images were added.
  public private(set) var images = 0
  private var pixelAccuracy = ExactMean()
  private var weightedIoU = ExactMean()
  private var means: [Measure: ExactMean] = [:]
  private var values: [Measure: [ExactMean]] = [:]
  private var pairs = ExactMean()

  /// No image yet.
  public init(classes: Int, beta: Double = 1) {
    self.classes = classes
    self.beta = beta
    for measure in Measure.allCases {
      means[measure] = ExactMean()
      values[measure] = [ExactMean](repeating: ExactMean(), count: classes)
    }
  }

  /// Adds the counts of one image.
  public mutating func add(_ image: ConfusionMatrix) {
    precondition(image.classes == classes, "cannot add \(image.classes) classes to \(classes)")
    let scores = Scores(of: image, convention: .mmseg, beta: beta)
    images += 1
    pixelAccuracy.add(scores.pixelAccuracy)
    weightedIoU.add(scores.weightedIoU)
    for measure in Measure.allCases {
      means[measure]?.add(scores.mean(measure))
      for k in 0..<classes { values[measure]?[k].add(scores[measure, k]) }
    }
    for k in 0..<classes { pairs.add(scores[.iou, k]) }
  }

  /// Adds other images.
  public mutating func add(_ other: PerImageScores) {
    precondition(
      other.classes == classes && other.beta == beta,
      "cannot add \(other.classes) classes with β \(other.beta) to \(classes) with β \(beta)")
    images += other.images
    pixelAccuracy.add(other.pixelAccuracy)
    weightedIoU.add(other.weightedIoU)
    pairs.add(other.pairs)
    for measure in Measure.allCases {
      if let mean = other.means[measure] { means[measure]?.add(mean) }
      for k in 0..<classes {
        if let value = other.values[measure]?[k] { values[measure]?[k].add(value) }
      }
    }
  }

  /// The means over images: of each class over the images where it has the score, of the images' own means, of their aAcc.
  public var scores: Scores {
    Scores(
      convention: .perImage, pixelAccuracy: pixelAccuracy.value, weightedIoU: weightedIoU.value,
      values: values.mapValues { $0.map(\.value) }, means: means.mapValues(\.value))
  }

  /// The mean IoU over all pairs of an image and a class that it has in truth or prediction: torchmetrics' `MeanIoU`.
  public var meanIoUOfPairs: Double { pairs.value }

  /// How many classes an image has in truth or prediction, on average.
  public var classesPerImage: Double { Double(pairs.count) / Double(images) }
}
