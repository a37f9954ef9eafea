/// Label values in words.
public enum LabelRanges {
  /// Increasing values with what lies between them drawn together, as `0–18, 33, 255`; at most six such parts.
  public static func text(_ values: [UInt16]) -> String {
    var ranges: [ClosedRange<UInt16>] = []
    for value in values {
      if let last = ranges.last, value > 0, last.upperBound == value - 1 {
        ranges[ranges.count - 1] = last.lowerBound...value
      } else {
        ranges.append(value...value)
      }
    }
    let texts = ranges.map { range in
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound)"
    }
    return texts.prefix(6).joined(separator: ", ")
      + (texts.count > 6 ? ", … (\(values.count) values)" : "")
  }
}
