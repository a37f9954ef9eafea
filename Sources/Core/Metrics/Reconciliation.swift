import Foundation

/// The same counts under each convention side by side, and why the numbers differ.
public struct Reconciliation: Sendable, Equatable {
  /// The scores of one convention.
  public struct Row: Sendable, Equatable {
    /// Whose rules were followed.
    public let convention: Convention
    /// Shares in [0, 1]; NaN where they do not exist.
    public let meanIoU, meanAccuracy, pixelAccuracy: Double
    /// Why they differ from mmseg's, in words made of the counts.
    public let reason: String
  }

  /// A row for each convention, in the order of ``Convention``.
  public let rows: [Row]

  /// The rows for the sum over all images and the images one by one; `names` are the K classes'.
  public init(total: ConfusionMatrix, images: PerImageScores, names: [String]) {
    precondition(
      names.count == total.classes && images.classes == total.classes,
      "\(total.classes) classes, \(images.classes) per image, \(names.count) names")
    let gaps = Gaps(total, names)
    rows = Convention.allCases.map { convention in
      let scores =
        convention == .perImage ? images.scores : Scores(of: total, convention: convention)
      return Row(
        convention: convention, meanIoU: scores.meanIoU, meanAccuracy: scores.meanAccuracy,
        pixelAccuracy: scores.pixelAccuracy, reason: gaps.reason(convention, images))
    }
  }
}

/// What the conventions treat differently.
private struct Gaps {
  let classes: Int
  let absent, onlyPredicted: [String]
  let strayTruth, strayPrediction: UInt64

  init(_ total: ConfusionMatrix, _ names: [String]) {
    classes = total.classes
    let untrue = names.indices.filter { total.truth($0) == 0 }
    absent = untrue.filter { total.predicted($0) == 0 }.map { names[$0] }
    onlyPredicted = untrue.filter { total.predicted($0) > 0 }.map { names[$0] }
    strayTruth = total.strayTruth
    strayPrediction = (0..<total.classes).reduce(0) { $0 + total[$1, total.classes] }
  }

  func reason(_ convention: Convention, _ images: PerImageScores) -> String {
    switch convention {
    case .mmseg:
      var parts: [String] = []
      if !absent.isEmpty {
        parts.append("\(few(absent)) neither true nor predicted and left out")
      }
      if !onlyPredicted.isEmpty {
        parts.append("\(few(onlyPredicted)) predicted but never true: IoU 0")
      }
      return parts.isEmpty ? "all \(classes) classes count" : parts.joined(separator: "; ")
    case .cityscapes:
      return strayTruth == 0
        ? "as mmseg: no label is out of range"
        : "what is predicted on \(pixels(strayTruth)) whose label is no class is no false positive here"
    case .detectron2:
      var parts = strays
      if !onlyPredicted.isEmpty {
        parts.insert("\(few(onlyPredicted)) never true: IoU 0 in mmseg, left out here", at: 0)
      }
      return parts.isEmpty
        ? "as mmseg: all that is predicted is true somewhere" : parts.joined(separator: "; ")
    case .segnet:
      let untrue = absent + onlyPredicted
      var parts = strays
      if !untrue.isEmpty {
        parts.insert(
          "\(few(untrue)) never true: 0 here, and the sum is divided by \(classes)", at: 0)
      }
      return parts.isEmpty
        ? "as mmseg: all \(classes) classes are true somewhere" : parts.joined(separator: "; ")
    case .perImage:
      let mean = String(format: "%.1f", images.classesPerImage)
      return
        "each image counts alike, with the classes it has: \(mean) of \(classes) on average over \(images.images == 1 ? "1 image" : "\(images.images) images")"
    }
  }

  /// What detectron2 and SegNet leave out because it is no class.
  private var strays: [String] {
    var parts: [String] = []
    if strayTruth > 0 {
      parts.append(
        "what is predicted on \(pixels(strayTruth)) whose label is no class is no false positive here"
      )
    }
    if strayPrediction > 0 {
      parts.append(
        "\(pixels(strayPrediction)) predicted as no class: wrong in mmseg, left out here")
    }
    return parts
  }

  private func pixels(_ count: UInt64) -> String { count == 1 ? "1 pixel" : "\(count) pixels" }

  /// "2 classes (Pole, Fence) are", of many the first three.
  private func few(_ names: [String]) -> String {
    let some = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
    return names.count == 1 ? "1 class (\(some)) is" : "\(names.count) classes (\(some)) are"
  }
}
