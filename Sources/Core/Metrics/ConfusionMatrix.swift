/// How often each class was predicted where each class is true: counts only, so that images add up exactly.
///
/// There are K + 1 rows (truth) and columns (prediction): the last of each gathers values that no class has. Pixels
/// whose truth is the ignore index are not counted at all. A stray truth leaves its prediction standing as a false
/// positive, and a stray prediction is an error of its true class, as mmsegmentation's `IoUMetric` has it.
public struct ConfusionMatrix: Sendable, Equatable {
  /// K.
  public let classes: Int
  /// `(K + 1)²` counts of pixels, row-major: truth · (K + 1) + prediction.
  public private(set) var counts: [UInt64]

  /// A matrix of zeros for `classes` classes.
  public init(classes: Int) {
    precondition(classes > 0, "a confusion matrix needs at least one class, not \(classes)")
    self.classes = classes
    counts = [UInt64](repeating: 0, count: (classes + 1) * (classes + 1))
  }

  /// Counts every pixel of a prediction whose truth is not `ignoreIndex`; the maps must have one size.
  public mutating func add(prediction: LabelMap, truth: LabelMap, ignoreIndex: Int) {
    precondition(
      prediction.width == truth.width && prediction.height == truth.height,
      "prediction \(prediction.width)×\(prediction.height), truth \(truth.width)×\(truth.height)")
    let ignored = UInt16(exactly: ignoreIndex)
    counts.withUnsafeMutableBufferPointer { counts in
      prediction.values.withUnsafeBufferPointer { predicted in
        truth.values.withUnsafeBufferPointer { truth in
          Self.count(predicted, truth, ignored, classes, &counts)
        }
      }
    }
  }

  /// Label maps are mostly flat, so sixteen equal pairs of pixels are counted at once; others one by one.
  private static func count(
    _ predicted: UnsafeBufferPointer<UInt16>, _ truth: UnsafeBufferPointer<UInt16>,
    _ ignored: UInt16?, _ classes: Int, _ counts: inout UnsafeMutableBufferPointer<UInt64>
  ) {
    func add(_ pixel: Int, _ count: UInt64) {
      guard truth[pixel] != ignored else { return }
      let row = min(Int(truth[pixel]), classes)
      counts[row * (classes + 1) + min(Int(predicted[pixel]), classes)] += count
    }
    /// Four pixels are one word; it is flat where turning it by a pixel changes nothing.
    func isFlat(_ values: UnsafeBufferPointer<UInt16>, _ start: Int) -> Bool {
      let bytes = UnsafeRawBufferPointer(values)
      func word(_ i: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: 2 * start + 8 * i, as: UInt64.self)
      }
      let first = word(0)
      return first == (first << 16 | first >> 48) && first == word(1) && first == word(2)
        && first == word(3)
    }
    var pixel = 0
    while pixel + 16 <= truth.count {
      if isFlat(truth, pixel) && isFlat(predicted, pixel) {
        add(pixel, 16)
      } else {
        for offset in 0..<16 { add(pixel + offset, 1) }
      }
      pixel += 16
    }
    for rest in pixel..<truth.count { add(rest, 1) }
  }

  /// Adds another matrix of the same number of classes.
  public mutating func add(_ other: ConfusionMatrix) {
    precondition(
      classes == other.classes, "cannot add \(other.classes) classes to \(classes)")
    for i in counts.indices { counts[i] += other.counts[i] }
  }

  /// Counts `pixels` more whose truth is `truth` and that were predicted as `prediction`; K stands for all that is no class.
  public mutating func add(_ pixels: UInt64, truth: Int, prediction: Int) {
    counts[truth * (classes + 1) + prediction] += pixels
  }

  /// Pixels whose truth is `truth` and that were predicted as `prediction`; K stands for all that is no class.
  public subscript(truth: Int, prediction: Int) -> UInt64 {
    counts[truth * (classes + 1) + prediction]
  }

  /// Pixels of class `k` that were predicted as class `k`.
  public func intersection(_ k: Int) -> UInt64 { counts[k * (classes + 1) + k] }

  /// Pixels whose truth is class `k`, whatever was predicted.
  public func truth(_ k: Int) -> UInt64 {
    (0...classes).reduce(0) { $0 + counts[k * (classes + 1) + $1] }
  }

  /// Pixels that were predicted as class `k`, stray truths included.
  public func predicted(_ k: Int) -> UInt64 {
    (0...classes).reduce(0) { $0 + counts[$1 * (classes + 1) + k] }
  }

  /// Pixels whose truth is no class: labels that the data set should not hold.
  public var strayTruth: UInt64 { truth(classes) }

  /// Intersection over union of class `k` in [0, 1]; NaN where it is neither true nor predicted anywhere.
  public func iou(_ k: Int) -> Double {
    Double(intersection(k)) / Double(truth(k) + predicted(k) - intersection(k))
  }

  /// The share of class `k`'s pixels that were found, in [0, 1]; NaN where it is true nowhere.
  public func accuracy(_ k: Int) -> Double { Double(intersection(k)) / Double(truth(k)) }

  /// The mean over the classes whose IoU is not NaN.
  public var meanIoU: Double { mean(iou) }

  /// The mean over the classes whose accuracy is not NaN.
  public var meanAccuracy: Double { mean(accuracy) }

  /// The share of pixels with a true class that were predicted right.
  public var pixelAccuracy: Double {
    let right = (0..<classes).reduce(UInt64(0)) { $0 + intersection($1) }
    let all = (0..<classes).reduce(UInt64(0)) { $0 + truth($1) }
    return Double(right) / Double(all)
  }

  private func mean(_ measure: (Int) -> Double) -> Double {
    (0..<classes).map(measure).meanOfNumbers
  }
}

extension ConfusionMatrix: Counters {
  var numbers: [UInt64] {
    get { counts }
    set { counts = newValue }
  }
}

extension Sequence<Double> {
  /// The mean of those that are numbers; NaN where none is.
  var meanOfNumbers: Double {
    let (sum, count) = reduce((0.0, 0.0)) { $1.isNaN ? $0 : ($0.0 + $1, $0.1 + 1) }
    return sum / count
  }
}
