/// `text` as a JSON string literal: `"`, `\` and control characters below U+0020 escaped, all else as it is.
func jsonLiteral(of text: String) -> String {
  var literal = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": literal += "\\\""
    case "\\": literal += "\\\\"
    case "\n": literal += "\\n"
    case "\r": literal += "\\r"
    case "\t": literal += "\\t"
    case "\u{8}": literal += "\\b"
    case "\u{C}": literal += "\\f"
    case ..<" ":
      let digits = String(scalar.value, radix: 16)
      literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: literal.unicodeScalars.append(scalar)
    }
  }
  return literal + "\""
}

/// `text` in quotes for a message: on one line, at most 120 characters, nothing that a terminal obeys.
func quoted(_ text: String) -> String {
  let limit = 120
  var shown = ""
  for scalar in text.unicodeScalars.prefix(limit) {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
      shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    default: shown.unicodeScalars.append(scalar)
    }
  }
  let isCut = text.unicodeScalars.dropFirst(limit).isEmpty == false
  return "\"\(shown)\(isCut ? "…" : "")\""
}
