/// A piece of a page that is HTML and well-formed XML at once; text in it is always escaped.
struct HTML: Sendable {
  /// The markup.
  let source: String

  private init(source: String) { self.source = source }

  /// Elements that have neither contents nor an end.
  private static let void: Set<String> = ["br", "img", "input", "meta"]

  /// Text, in which control characters are question marks.
  static func text(_ text: String) -> HTML { HTML(source: escaped(text)) }

  /// An element with its attributes and contents.
  static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ contents: [HTML] = []
  ) -> HTML {
    let attributes = attributes.map { " \($0)=\"\(escaped($1))\"" }.joined()
    guard !void.contains(name) else {
      precondition(contents.isEmpty, "<\(name)> has no contents")
      return HTML(source: "<\(name)\(attributes)/>")
    }
    let inner = contents.map(\.source).joined()
    return HTML(source: "<\(name)\(attributes)>\(inner)</\(name)>")
  }

  /// An element that holds a text.
  static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String
  ) -> HTML {
    element(name, attributes, [.text(text)])
  }

  /// A style or script of this program's own, which must not be escaped.
  static func code(_ name: String, _ code: String) -> HTML {
    precondition(!code.contains("]]>") && !code.contains("</"), "the code would end early")
    return HTML(source: "<\(name)>/*<![CDATA[*/\n\(code)\n/*]]>*/</\(name)>")
  }

  /// Pieces one after the other, a line each.
  static func lines(_ pieces: [HTML]) -> HTML {
    HTML(source: pieces.map(\.source).joined(separator: "\n"))
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.printable.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      // XML knows no such characters, however they are written.
      case "\u{FFFE}", "\u{FFFF}": escaped += "?"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
