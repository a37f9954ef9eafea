/// Every score of the field under one convention: a pure reduction of counts.
///
/// All values are shares in [0, 1]. NaN stands for 0/0, a number that does not exist, and is left out of means.
public struct Scores: Sendable, Equatable {
  /// Whose rules were followed.
  public let convention: Convention
  /// aAcc: the share of pixels that are predicted right.
  public let pixelAccuracy: Double
  /// fwIoU: the mean of IoU weighted by each class's share of the truth.
  public let weightedIoU: Double
  private let values: [Measure: [Double]]
  private let means: [Measure: Double]

  /// The score of class `k`.
  public subscript(measure: Measure, k: Int) -> Double { values[measure, default: []][k] }

  /// The mean over classes; under ``Convention/perImage`` the mean over images of that.
  public func mean(_ measure: Measure) -> Double { means[measure] ?? .nan }

  /// mIoU.
  public var meanIoU: Double { mean(.iou) }

  /// mAcc.
  public var meanAccuracy: Double { mean(.accuracy) }

  /// The scores of counts summed over images; `beta` weighs recall in the F-score.
  ///
  /// The mean over images cannot be had from a sum: ``PerImageScores`` makes it.
  public init(of matrix: ConfusionMatrix, convention: Convention = .mmseg, beta: Double = 1) {
    precondition(convention != .perImage, "the mean over images needs the counts of each image")
    let totals = ClassTotals(matrix, convention)
    let classes = 0..<matrix.classes
    var values: [Measure: [Double]] = [:]
    for measure in Measure.allCases {
      values[measure] = classes.map { k in
        let value = measure.value(
          intersection: Double(totals.intersection[k]), truth: Double(totals.truth[k]),
          predicted: Double(totals.predicted[k]), beta: beta)
        switch convention {
        case .detectron2: return totals.truth[k] == 0 ? .nan : value
        case .segnet: return totals.truth[k] == 0 || value.isNaN ? 0 : value
        case .mmseg, .cityscapes, .perImage: return value
        }
      }
    }
    let allTrue = Double(totals.truth.reduce(0, +))
    let iou = values[.iou] ?? []
    self.init(
      convention: convention,
      pixelAccuracy: Double(totals.intersection.reduce(0, +)) / Double(totals.pixels),
      weightedIoU: allTrue == 0
        ? .nan
        : classes.filter { totals.truth[$0] > 0 }
          .reduce(0) { $0 + Double(totals.truth[$1]) / allTrue * iou[$1] },
      values: values, means: values.mapValues(\.meanOfNumbers))
  }

  /// Scores that are known already.
  init(
    convention: Convention, pixelAccuracy: Double, weightedIoU: Double,
    values: [Measure: [Double]], means: [Measure: Double]
  ) {
    self.convention = convention
    self.pixelAccuracy = pixelAccuracy
    self.weightedIoU = weightedIoU
    self.values = values
    self.means = means
  }
}

extension Measure {
  /// The score of a class with these numbers of pixels; NaN for 0/0.
  fileprivate func value(intersection: Double, truth: Double, predicted: Double, beta: Double)
    -> Double
  {
    switch self {
    case .iou: intersection / (truth + predicted - intersection)
    case .accuracy, .recall: intersection / truth
    case .dice: 2 * intersection / (truth + predicted)
    case .precision: intersection / predicted
    case .fScore:
      fScore(precision: intersection / predicted, recall: intersection / truth, beta: beta)
    }
  }

  /// NaN where precision or recall does not exist, and where both are 0.
  private func fScore(precision: Double, recall: Double, beta: Double) -> Double {
    (1 + beta * beta) * precision * recall / (beta * beta * precision + recall)
  }
}
