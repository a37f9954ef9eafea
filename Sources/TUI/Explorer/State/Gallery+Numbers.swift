import Core

/// What the counts of one image say, in percent.
struct ImageScores: Sendable, Equatable {
  /// NaN where the image has no labels that count.
  let meanIoU, accuracy: Double
  /// One per class; NaN where it is neither true nor predicted.
  let classIoU: [Float]

  init(_ counts: ConfusionMatrix) {
    let scores = Scores(of: counts)
    meanIoU = 100 * scores.meanIoU
    accuracy = 100 * scores.pixelAccuracy
    classIoU = (0..<counts.classes).map { Float(100 * scores[.iou, $0]) }
  }
}

extension Gallery {
  /// The numbers that images can be sorted and filtered by; `IoU` and `area` go with a class, as in `IoU.Car`.
  static let numbers = ["mIoU", "aAcc", "delta", "entropy", "rescue", "damage", "IoU", "area"]

  /// The number called `name` of an entry, in percent; `nil` where it is not known or does not exist.
  func number(_ name: String, of entry: Int) -> Double? {
    guard let facts = facts[entry] else { return nil }
    let parts = name.split(separator: ".", maxSplits: 1).map { $0.lowercased() }
    guard let first = parts.first else { return nil }
    let k = parts.count < 2 ? nil : classNames.firstIndex(named: parts[1])
    let value: Double?
    switch (first, k) {
    case ("miou", _): value = facts.meanIoU.first.flatMap { $0 }
    case ("aacc", _): value = facts.scores?.accuracy
    case ("delta", _): value = facts.delta
    case ("entropy", _): value = facts.meanEntropy
    case ("rescue", _): value = facts.split?.rescueRate().map { 100 * $0 }
    case ("damage", _): value = facts.split?.damageRate().map { 100 * $0 }
    case ("iou", let k?): value = facts.scores.map { Double($0.classIoU[k]) }
    case ("area", let k?):
      value = facts.areas.indices.contains(k) ? 100 * Double(facts.areas[k]) : nil
    default: value = nil
    }
    return value.flatMap { $0.isFinite ? $0 : nil }
  }

  /// Whether `name` is a number that images have.
  static func isNumber(_ name: String, classNames: [String]) -> Bool {
    let parts = name.split(separator: ".", maxSplits: 1).map { $0.lowercased() }
    guard let first = parts.first, let known = numbers.first(where: { $0.lowercased() == first })
    else { return false }
    let needsClass = known == "IoU" || known == "area"
    return parts.count == (needsClass ? 2 : 1)
      && (!needsClass || classNames.firstIndex(named: parts[1]) != nil)
  }
}

/// A demand on a number of an image, such as `mIoU<50`.
struct NumberFilter {
  let name: String
  private let demand: Expectation

  /// What `text` says; `nil` where it is no comparison with a number that images have.
  init?(_ text: String, classNames: [String]) {
    guard let demand = Expectation(argument: text),
      Gallery.isNumber(demand.name, classNames: classNames)
    else { return nil }
    self.demand = demand
    name = demand.name
  }

  /// Whether a number is as demanded; one that is not known is not.
  func holds(_ value: Double?) -> Bool { value.map(demand.isMet) ?? false }
}
