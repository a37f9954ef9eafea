/// The classes of a data set: names and colours in the order of the logits, and the label that is never counted.
public struct ClassTable: Sendable, Equatable {
  /// Class names.
  public let names: [String]
  /// One colour per class, as the data set publishes them.
  public let palette: [RGB]
  /// The label value that stands for "no class".
  public let ignoreIndex: Int

  /// A table of `names` and as many colours.
  public init(names: [String], palette: [RGB], ignoreIndex: Int) {
    precondition(
      names.count == palette.count, "\(names.count) classes with \(palette.count) colours")
    self.names = names
    self.palette = palette
    self.ignoreIndex = ignoreIndex
  }

  /// A table from lines of a colour in hexadecimal digits and a name.
  init(_ lines: String, ignoreIndex: Int) {
    let rows = lines.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1) }
    self.init(
      names: rows.map { String($0[1]) },
      palette: rows.map { row in
        guard row[0].count == 6, let colour = UInt32(row[0], radix: 16) else {
          preconditionFailure("expected six hexadecimal digits for \(row[1]), found \(row[0])")
        }
        return RGB(
          UInt8(colour >> 16), UInt8(truncatingIfNeeded: colour >> 8),
          UInt8(truncatingIfNeeded: colour))
      }, ignoreIndex: ignoreIndex)
  }
}

extension ClassTable {
  /// The colours that the PASCAL VOC devkit gives to any number of classes: the bits of a class's number, dealt out to red, green and
  /// blue in turn, from the highest bit of each down.
  static func devkitColours(_ count: Int) -> [RGB] {
    (0..<count).map { label in
      var channels: [UInt8] = [0, 0, 0]
      for (bit, place) in stride(from: 0, to: 24, by: 3).enumerated() {
        for channel in 0..<3 {
          channels[channel] |=
            UInt8(truncatingIfNeeded: (label >> (place + channel)) & 1) << (7 - bit)
        }
      }
      return RGB(channels[0], channels[1], channels[2])
    }
  }
}

extension ModelConfiguration {
  /// The classes that the model tells apart.
  public var classTable: ClassTable {
    ClassTable(names: classes, palette: palette, ignoreIndex: ignoreIndex)
  }
}

extension [String] {
  /// The first of these names of classes that is `name` in any case of letters.
  public func firstIndex(named name: String) -> Int? {
    firstIndex { $0.lowercased() == name.lowercased() }
  }

  /// The class of a name in any case of letters, or of its number.
  public func classIndex(_ text: String) -> Int? {
    firstIndex(named: text) ?? Int(text).flatMap { indices.contains($0) ? $0 : nil }
  }
}
