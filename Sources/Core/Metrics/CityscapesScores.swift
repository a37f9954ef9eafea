/// The scores of cityscapesScripts' `evalPixelLevelSemanticLabeling`: classes, categories, and both weighted by instance.
///
/// With TP the diagonal, FN the rest of a label's row and FP the rest of its column over evaluated labels only, IoU is
/// TP / (TP + FP + FN). A category's TP is the block of its evaluated labels, so confusions within it are right. iIoU puts
/// the weighted pixels of instances in the place of TP and FN; a category has it where all its labels have instances.
/// All values are in [0, 1]; NaN where nothing is there to be scored, left out of means.
public struct CityscapesScores: Sendable, Equatable {
  /// 34 × 34 counts, row-major: true label id · 34 + predicted.
  public let confusion: [UInt64]
  /// IoU of each label id; NaN for those that are not evaluated.
  public let iou: [Double]
  /// iIoU of each label id; NaN for those that are not evaluated or have no instances.
  public let instanceIoU: [Double]
  /// IoU of ``Cityscapes/categories``; NaN for void.
  public let categoryIoU: [Double]
  /// iIoU of ``Cityscapes/categories``; only human and vehicle have one.
  public let categoryInstanceIoU: [Double]

  /// The scores of counts over the 34 label ids, or over the 19 train ids; without `instances` there is no iIoU.
  ///
  /// Out of train ids the matrix has no rows of labels that are not evaluated; all scores are the same. What is out of range
  /// counts as unlabeled.
  public init(_ matrix: ConfusionMatrix, instances: InstanceCounts? = nil) {
    let labels = Cityscapes.labels
    let counts = Self.confusion(matrix)
    func sum(_ rows: [Int], _ columns: [Int]) -> UInt64 {
      rows.reduce(0) { sum, row in columns.reduce(sum) { $0 + counts[row * labels.count + $1] } }
    }
    let all = Array(labels.indices)
    let evaluated = all.filter { labels[$0].trainID != nil }
    let weighed = instances == nil ? [] : Cityscapes.instanceLabels.map(\.id)

    func falsePositives(of columns: [Int], outside rows: [Int]) -> Double {
      Double(sum(evaluated.filter { !rows.contains($0) }, columns))
    }
    iou = all.map { id in
      guard evaluated.contains(id) else { return .nan }
      let right = Double(sum([id], [id]))
      return right / (Double(sum([id], all)) + falsePositives(of: [id], outside: [id]))
    }
    instanceIoU = all.map { id in
      guard weighed.contains(id), let instances else { return .nan }
      let (right, wrong) = (instances.right(id), instances.wrong(id))
      return right / (right + wrong + falsePositives(of: [id], outside: [id]))
    }
    let members = Cityscapes.categories.map { name in all.filter { labels[$0].category == name } }
    categoryIoU = members.map { members in
      let members = members.filter(evaluated.contains)
      let right = Double(sum(members, members))
      return right / (Double(sum(members, all)) + falsePositives(of: members, outside: members))
    }
    categoryInstanceIoU = members.map { members in
      guard members.allSatisfy({ labels[$0].hasInstances }), let instances else { return .nan }
      let right = members.reduce(0) { $0 + instances.rightInCategory($1) }
      let wrong = members.reduce(0) { $0 + instances.wrongInCategory($1) }
      return right / (right + wrong + falsePositives(of: members, outside: members))
    }
    confusion = counts
  }

  /// The means over classes and over categories of IoU and iIoU.
  public var means:
    (iou: Double, instanceIoU: Double, categoryIoU: Double, categoryInstanceIoU: Double)
  {
    (
      iou.meanOfNumbers, instanceIoU.meanOfNumbers, categoryIoU.meanOfNumbers,
      categoryInstanceIoU.meanOfNumbers
    )
  }

  /// The counts over label ids, whatever they were counted over.
  private static func confusion(_ matrix: ConfusionMatrix) -> [UInt64] {
    let labels = Cityscapes.labels
    precondition(
      matrix.classes == 19 || matrix.classes == labels.count,
      "Cityscapes has 19 classes or 34 label ids, not \(matrix.classes)")
    let ids = matrix.classes == 19 ? Cityscapes.labelIDs : Array(labels.indices)
    let unlabeled = 0
    var counts = [UInt64](repeating: 0, count: labels.count * labels.count)
    for row in 0...matrix.classes {
      for column in 0...matrix.classes {
        let truth = row < matrix.classes ? ids[row] : unlabeled
        let predicted = column < matrix.classes ? ids[column] : unlabeled
        counts[truth * labels.count + predicted] += matrix[row, column]
      }
    }
    return counts
  }
}

extension ConfusionMatrix {
  /// Counts over Cityscapes' 34 label ids as counts over the 19 train ids.
  ///
  /// Truth that is not evaluated is dropped, as ignored pixels are; predictions that are not evaluated are out of range.
  public var ofTrainIDs: ConfusionMatrix {
    let labels = Cityscapes.labels
    precondition(classes == labels.count, "label ids are \(labels.count), not \(classes)")
    var reduced = ConfusionMatrix(classes: 19)
    for row in 0...classes {
      guard let truth = row < classes ? labels[row].trainID : 19 else { continue }
      for column in 0...classes {
        let predicted = column < classes ? labels[column].trainID ?? 19 : 19
        reduced.numbers[truth * 20 + predicted] += self[row, column]
      }
    }
    return reduced
  }
}
