/// New label values for old ones, all at once: `0:0,1:0,7:ignore` makes one class of two and drops a third.
public struct LabelMapping: Sendable, Equatable {
  /// The new value of an old one; `nil` stands for "ignored".
  public var targets: [UInt16: UInt16?]
  /// Whether values that the map does not name are ignored, instead of kept as they are.
  public var ignoresOthers: Bool

  /// A map of single values.
  public init(_ targets: [UInt16: UInt16?], ignoresOthers: Bool = false) {
    self.targets = targets
    self.ignoresOthers = ignoresOthers
  }

  /// The map that `text` describes: the name of a known one, or entries `OLD:NEW` between commas or ends of lines.
  ///
  /// NEW may be `ignore`, OLD may be `*` for all values that are not named. In a line, blanks may stand for the colon,
  /// and # begins a comment.
  public init(parsing text: String) throws(LabelMappingFailure) {
    if let known = Self.known[text] {
      self = known
      return
    }
    self.init([:])
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.prefix { $0 != "#" }
      for entry in line.split(separator: ",") where !entry.allSatisfy(\.isWhitespace) {
        let sides = entry.split { $0 == ":" || $0.isWhitespace }
        let isIgnored = sides.last == "ignore"
        let new = sides.last.flatMap { UInt16($0) }
        guard sides.count == 2, isIgnored || new != nil else {
          throw LabelMappingFailure(entry: String(entry))
        }
        if let old = UInt16(sides[0]) {
          targets.updateValue(new, forKey: old)
        } else if sides[0] == "*" && isIgnored {
          ignoresOthers = true
        } else {
          throw LabelMappingFailure(entry: String(entry))
        }
      }
    }
    guard !targets.isEmpty || ignoresOthers else { throw LabelMappingFailure(entry: text) }
  }

  /// The maps that have a name on the command line.
  public static let known: [String: LabelMapping] = [
    "cityscapes-ids": cityscapesIds, "coco-stuff-ids": cocoStuffIds,
  ]

  /// A map that numbers `values` from `first` on in their order, and ignores what else there is up to `last`.
  init(numbering values: [UInt16], from first: UInt16 = 0, ignoringUpTo last: UInt16) {
    targets = [:]
    ignoresOthers = false
    for value in 0...last { targets.updateValue(nil, forKey: value) }
    for (i, value) in values.enumerated() { targets.updateValue(first + UInt16(i), forKey: value) }
  }

  /// The new value of `label`; `nil` where it is ignored.
  public func callAsFunction(_ label: UInt16) -> UInt16? {
    if let target = targets[label] { return target }
    return ignoresOthers ? nil : label
  }
}

/// A part of a label map that cannot be understood.
public struct LabelMappingFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The part.
  public let entry: String

  /// What was expected and what was found.
  public var description: String {
    "a label map has entries OLD:NEW of labels from 0 to 65535, NEW may be ignore, OLD may be * with it; "
      + "found \"\(entry)\"; write for example 0:0,255:1 or name one of "
      + LabelMapping.known.keys.sorted().joined(separator: ", ")
  }
}

extension LabelMapping: CustomStringConvertible {
  /// The map as it is written on the command line: its name, or its entries by increasing old value.
  public var description: String {
    if let known = Self.known.first(where: { $0.value == self }) { return known.key }
    let named = targets.sorted { $0.key < $1.key }
      .map { "\($0.key):\($0.value.map(String.init) ?? "ignore")" }
    return (named + (ignoresOthers ? ["*:ignore"] : [])).joined(separator: ",")
  }
}
