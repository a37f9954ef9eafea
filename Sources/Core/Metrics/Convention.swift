/// How the field's tools make scores of the same counts; `docs/metrics.md` compares them.
public enum Convention: String, CaseIterable, Sendable {
  /// mmsegmentation's `IoUMetric`: a class that is predicted but never true has IoU 0; one that is neither is left out.
  case mmseg
  /// cityscapesScripts: as mmseg, but what is predicted on labels that are no class is not held against it.
  case cityscapes
  /// detectron2's `SemSegEvaluator`: only classes that are true somewhere; nothing out of range is counted.
  case detectron2
  /// The script of the SegNet tutorial: the sum is always divided by K, so a class that is never true counts 0.
  case segnet
  /// The mean over images of each image's mmseg scores.
  case perImage = "per-image"
}

/// A score of one class, in [0, 1].
public enum Measure: String, CaseIterable, Sendable {
  /// Intersection / union of truth and prediction.
  case iou = "IoU"
  /// Intersection / truth.
  case accuracy = "Acc"
  /// 2 · intersection / (truth + prediction).
  case dice = "Dice"
  /// Intersection / prediction.
  case precision = "Precision"
  /// Intersection / truth.
  case recall = "Recall"
  /// (1 + β²)·P·R / (β²·P + R) of precision P and recall R.
  case fScore = "Fscore"
}

/// The numbers of pixels that a convention makes its scores of.
struct ClassTotals {
  var intersection: [UInt64]
  var truth: [UInt64]
  var predicted: [UInt64]
  /// What the share of right pixels is taken of.
  var pixels: UInt64

  /// The totals of `matrix`; per-image takes mmseg's, image by image.
  init(_ matrix: ConfusionMatrix, _ convention: Convention) {
    let classes = 0..<matrix.classes
    let stray = matrix.classes
    intersection = classes.map(matrix.intersection)
    truth = classes.map(matrix.truth)
    predicted = classes.map(matrix.predicted)
    switch convention {
    case .mmseg, .perImage: break
    case .cityscapes:
      for k in classes { predicted[k] -= matrix[stray, k] }
    case .detectron2, .segnet:
      for k in classes {
        predicted[k] -= matrix[stray, k]
        truth[k] -= matrix[k, stray]
      }
    }
    pixels = convention == .segnet ? matrix.counts.reduce(0, +) : truth.reduce(0, +)
  }
}
