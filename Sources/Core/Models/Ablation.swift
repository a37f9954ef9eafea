/// Parts of a network that are left out when it runs, to see what they contribute.
///
/// The weights stay those that were trained with all parts, so this is no ablation of training: a network that was trained
/// without a part may do well without it. Only students have these parts; the teacher stays as it is.
public struct Ablation: OptionSet, Sendable, Hashable {
  /// A bit for each part.
  public let rawValue: UInt8

  /// The parts whose bits are set.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The axial attention behind the upsampler.
  public static let axial = Ablation(rawValue: 1)
  /// The branch of stride 4 in the upsampler's sum.
  public static let p2 = Ablation(rawValue: 2)
  /// The branch of stride 8.
  public static let p3 = Ablation(rawValue: 4)
  /// The branch of stride 16.
  public static let p4 = Ablation(rawValue: 8)
  /// The branch of stride 32, but not what flows from its level into finer ones.
  public static let p5 = Ablation(rawValue: 16)

  /// The branches, from fine to coarse.
  public static let levels: [Ablation] = [.p2, .p3, .p4, .p5]
  /// All parts with their names, in the order in which they are written.
  public static let parts: [(name: String, part: Ablation)] = [
    ("axial", .axial), ("p2", .p2), ("p3", .p3), ("p4", .p4), ("p5", .p5),
  ]

  /// Whether a sum of at least one branch is left.
  public var leavesABranch: Bool { !Self.levels.allSatisfy(contains) }
}

extension Ablation: CustomStringConvertible {
  /// `axial,p2`; empty for none.
  public var description: String {
    Self.parts.filter { contains($0.part) }.map(\.name).joined(separator: ",")
  }

  /// The parts whose names stand between commas; `nil` where one is unknown or no branch is left.
  public init?(description: String) {
    self = []
    for name in description.split(separator: ",", omittingEmptySubsequences: false) {
      guard let known = Self.parts.first(where: { $0.name == name }) else { return nil }
      insert(known.part)
    }
    guard leavesABranch else { return nil }
  }
}

extension ModelConfiguration {
  /// The parts that the model has and can be run without.
  public var removableParts: Ablation {
    guard let row = upsampler.row else { return [] }
    return row.levels.reduce(into: isAxial ? .axial : []) { $0.insert($1) }
  }
}
