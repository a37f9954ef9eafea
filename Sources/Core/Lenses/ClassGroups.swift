/// Classes that are taken for one: each stands in a group, most of them alone, whose lowest class stands for it.
public struct ClassGroups: Sendable, Equatable {
  /// The class that stands for each class.
  public private(set) var representatives: [Int]
  /// What groups are called that have a name of their own, by the class that stands for them.
  private var names: [Int: String] = [:]

  /// `count` classes, each for itself.
  public init(count: Int) { representatives = Array(0..<count) }

  /// Whether each class stands for itself.
  public var isTrivial: Bool { representatives == Array(representatives.indices) }

  /// The classes that stand for groups of several, in their order.
  public var merged: [Int] {
    representatives.indices.filter { representatives[$0] == $0 && members(of: $0).count > 1 }
  }

  /// The classes of the group that a class is in, in their order.
  public func members(of k: Int) -> [Int] {
    representatives.indices.filter { representatives[$0] == representatives[k] }
  }

  /// Makes one group of those of the given classes; without a name it has those of its classes.
  public mutating func merge(_ classes: [Int], name: String? = nil) {
    let old = Set(classes.map { representatives[$0] })
    guard let first = old.min() else { return }
    for k in representatives.indices where old.contains(representatives[k]) {
      representatives[k] = first
    }
    for k in old { names[k] = nil }
    names[first] = name
  }

  /// Lets every class of a class's group stand for itself again.
  public mutating func dissolve(_ k: Int) {
    names[representatives[k]] = nil
    for member in members(of: k) { representatives[member] = member }
  }

  /// What a class's group is called, where its classes are called `classes`: "Pole+Sign".
  public func name(of k: Int, _ classes: [String]) -> String {
    names[representatives[k]] ?? members(of: k).map { classes[$0] }.joined(separator: "+")
  }

  /// The map with each class's representative in its place; what is no class stays.
  public func merging(_ labels: LabelMap) -> LabelMap {
    if isTrivial { return labels }
    let table = representatives.map(UInt16.init)
    return LabelMap(
      width: labels.width, height: labels.height,
      values: labels.values.map { Int($0) < table.count ? table[Int($0)] : $0 })
  }
}

extension ConfusionMatrix {
  /// What would have been counted had truth and prediction been merged; classes that others stand for have no pixels.
  public func merging(_ groups: ClassGroups) -> ConfusionMatrix {
    precondition(
      groups.representatives.count == classes,
      "groups of \(groups.representatives.count) classes, counts of \(classes)")
    if groups.isTrivial { return self }
    let place = groups.representatives + [classes]
    var merged = ConfusionMatrix(classes: classes)
    for truth in 0...classes {
      for prediction in 0...classes {
        merged.add(
          self[truth, prediction], truth: place[truth], prediction: place[prediction])
      }
    }
    return merged
  }
}
