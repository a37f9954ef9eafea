/// What the upsampler does to the teacher's prediction, pixel by pixel and class by class (paper §5.1).
///
/// Whole numbers of pixels with a truth, by the truth's class; sums over images add up.
public struct GuidanceSplit: Sendable, Equatable {
  /// What became of a pixel between teacher and student.
  public enum Fate: Int, Sendable, CaseIterable {
    /// Both are right.
    case bothRight
    /// The teacher was wrong, the student is right.
    case fixed
    /// The teacher was right, the student is wrong.
    case broken
    /// Both are wrong.
    case bothWrong
  }

  /// How many classes there are.
  public let classes: Int
  /// Pixels by class and, within it, fate.
  private(set) var counts: [UInt64]

  /// No pixel yet.
  public init(classes: Int) {
    self.classes = classes
    counts = [UInt64](repeating: 0, count: classes * Fate.allCases.count)
  }

  /// The split of one picture; pixels whose truth is no class are left out.
  public init(teacher: LabelMap, student: LabelMap, truth: LabelMap, classes: Int) {
    precondition(
      teacher.values.count == truth.values.count && student.values.count == truth.values.count,
      "\(teacher.values.count) and \(student.values.count) predictions, \(truth.values.count) labels"
    )
    self.init(classes: classes)
    counts.withUnsafeMutableBufferPointer { counts in
      teacher.values.withUnsafeBufferPointer { teacher in
        student.values.withUnsafeBufferPointer { student in
          truth.values.withUnsafeBufferPointer { truth in
            for pixel in truth.indices where Int(truth[pixel]) < classes {
              let real = truth[pixel]
              let fate = Self.fate(teacher: teacher[pixel] == real, student: student[pixel] == real)
              counts[4 * Int(real) + fate.rawValue] += 1
            }
          }
        }
      }
    }
  }

  /// What became of a pixel whose teacher and student are right or not.
  @inline(__always)
  public static func fate(teacher: Bool, student: Bool) -> Fate {
    teacher ? (student ? .bothRight : .broken) : (student ? .fixed : .bothWrong)
  }

  /// Adds another image's pixels.
  public mutating func add(_ other: GuidanceSplit) {
    precondition(classes == other.classes, "\(classes) and \(other.classes) classes")
    for place in counts.indices { counts[place] += other.counts[place] }
  }

  /// Pixels of a fate, of one class or of all.
  public func pixels(_ fate: Fate, of classIndex: Int? = nil) -> UInt64 {
    if let classIndex { return counts[4 * classIndex + fate.rawValue] }
    return (0..<classes).reduce(0) { $0 + counts[4 * $1 + fate.rawValue] }
  }

  /// Of the pixels that the teacher has wrong, the share that the student has right; `nil` where there are none.
  public func rescueRate(of classIndex: Int? = nil) -> Double? {
    share(pixels(.fixed, of: classIndex), pixels(.bothWrong, of: classIndex))
  }

  /// Of the pixels that the teacher has right, the share that the student has wrong; `nil` where there are none.
  public func damageRate(of classIndex: Int? = nil) -> Double? {
    share(pixels(.broken, of: classIndex), pixels(.bothRight, of: classIndex))
  }

  private func share(_ part: UInt64, _ rest: UInt64) -> Double? {
    part + rest == 0 ? nil : Double(part) / Double(part + rest)
  }
}
