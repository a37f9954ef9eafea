extension JSON {
  /// The value as text: indented by two spaces a level, lists of plain values on one line.
  public var text: String {
    var text = ""
    write(to: &text, indent: 0)
    return text
  }

  /// The value as text on one line.
  public var line: String {
    var text = ""
    write(to: &text, indent: nil)
    return text
  }

  /// A number with at most `decimals` digits after the point; `null` for NaN and infinities, which JSON has not.
  public static func number(_ value: Double, decimals: Int) -> JSON {
    guard value.isFinite else { return .null }
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    return .number("\((value * scale).rounded(.toNearestOrEven) / scale)")
  }

  /// Writes the value over lines that are indented by `indent` levels, or on one line.
  private func write(to text: inout String, indent: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let value): text += value
    case .string(let value): text += jsonLiteral(of: value)
    case .array(let elements):
      let isFlat = elements.allSatisfy { $0.object == nil && $0.array == nil }
      Self.write(elements, "[", "]", to: &text, indent: isFlat ? nil : indent) {
        $0.write(to: &$1, indent: indent.map { $0 + 1 })
      }
    case .object(let members):
      Self.write(members, "{", "}", to: &text, indent: indent) { member, text in
        text += jsonLiteral(of: member.key) + ": "
        member.value.write(to: &text, indent: indent.map { $0 + 1 })
      }
    }
  }

  /// Items between brackets, each on its own line unless `indent` is `nil`.
  private static func write<Item>(
    _ items: [Item], _ open: String, _ close: String, to text: inout String, indent: Int?,
    _ write: (Item, inout String) -> Void
  ) {
    func line(_ level: Int) -> String {
      indent.map { "\n" + String(repeating: "  ", count: $0 + level) } ?? ""
    }
    text += open
    for (i, item) in items.enumerated() {
      if i > 0 { text += indent == nil ? ", " : "," }
      text += line(1)
      write(item, &text)
    }
    text += (items.isEmpty ? "" : line(0)) + close
  }
}
