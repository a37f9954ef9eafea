/// What another prediction of the same pixels changes.
public struct LabelChange: Sendable, Equatable {
  /// How many pixels there are, and how many have another class.
  public let pixels, different: Int
  /// How many pixels each class has before and after.
  public let before, after: [Int]

  /// The change between two maps of one size, of `classes` classes.
  public init(from old: LabelMap, to new: LabelMap, classes: Int) {
    precondition(
      old.width == new.width && old.height == new.height,
      "maps of \(old.width)×\(old.height) and \(new.width)×\(new.height)")
    pixels = old.values.count
    different = zip(old.values, new.values).count { $0 != $1 }
    func areas(_ map: LabelMap) -> [Int] {
      var areas = [Int](repeating: 0, count: classes)
      for label in map.values where Int(label) < classes { areas[Int(label)] += 1 }
      return areas
    }
    (before, after) = (areas(old), areas(new))
  }

  /// The share of pixels that have another class, in [0, 1].
  public var share: Double { Double(different) / Double(pixels) }
}
