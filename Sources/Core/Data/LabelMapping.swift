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

extension LabelMapping: CustomStringConvertible {
  /// The map as it is written on the command line, by increasing old value.
  public var description: String {
    let named = targets.sorted { $0.key < $1.key }
      .map { "\($0.key):\($0.value.map(String.init) ?? "ignore")" }
    return (named + (ignoresOthers ? ["*:ignore"] : [])).joined(separator: ",")
  }
}
