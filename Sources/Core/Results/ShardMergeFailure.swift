/// Why parts of an evaluation do not make a whole.
public enum ShardMergeFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// How far a part is.
  public struct Progress: Equatable, Sendable {
    let part, counted, all: Int

    init(part: Int, counted: Int, of all: Int) {
      self.part = part
      self.counted = counted
      self.all = all
    }
  }

  /// None of the runs is a part.
  case noParts
  /// The parts are of different evaluations; each difference comes with two values.
  case different([String])
  /// Parts that no run has.
  case missing(parts: [Int], of: Int)
  /// Parts that have not counted all of their images.
  case incomplete([Progress])
  /// An image was counted in two parts.
  case repeated(image: String, parts: [Int])
  /// A part was run twice, and an image's counts differ.
  case contradictory(image: String, part: Int)

  /// One sentence with what was found, and what to do.
  public var description: String {
    switch self {
    case .noParts:
      "there are no parts to merge; make them with hfgd eval --shard 1/N to N/N"
    case .different(let differences):
      "the parts are of different evaluations: they differ in \(differences.joined(separator: ", ")); give the stores of one, or delete other parts with hfgd runs delete"
    case .missing(let parts, let count):
      (parts.count == 1
        ? "part \(parts[0]) of \(count) is missing"
        : "parts \(Self.list(parts)) of \(count) are missing")
        + "; run hfgd eval with --shard \(parts[0])/\(count)\(parts.count == 1 ? "" : " and so on"), or give the stores that have them"
    case .incomplete(let parts):
      parts.map { "part \($0.part) has counted \($0.counted) of \($0.all) images" }
        .joined(separator: ", ") + "; run hfgd eval with the same --shard, --store and --resume"
    case .repeated(let image, let parts):
      "\(image) was counted in parts \(Self.list(parts)); the data set changed between them: run the parts again"
    case .contradictory(let image, let part):
      "part \(part) was run twice, with different counts for \(image); delete the wrong one with hfgd runs delete"
    }
  }

  /// "1, 3, 4"; of many, the first ten and how many more.
  private static func list(_ parts: [Int]) -> String {
    let rest = parts.count - 10
    return parts.prefix(10).map(String.init).joined(separator: ", ")
      + (rest > 0 ? " and \(rest) more" : "")
  }
}
