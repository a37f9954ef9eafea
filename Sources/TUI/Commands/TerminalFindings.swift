import Core
import Foundation

/// What `hfgd terminal` tells, as text and as JSON.
struct TerminalFindings {
  let facts: TerminalFacts
  let colours: TerminalFacts.ColourFinding
  let size: TerminalSize
  /// Whether the terminal could be asked.
  let isTerminal: Bool

  private var features: TerminalFeatures { facts.features(colours) }

  /// What stands in the way; without a terminal at hand, its silence is none.
  private var obstacles: [TerminalObstacle] { isTerminal ? facts.obstacles(colours) : [] }

  /// A line per finding, then what stands in the way.
  var text: String {
    let unknown = "unknown"
    var lines: [(String, String)] = [
      ("terminal", facts.program?.printable ?? unknown),
      ("TERM", facts.term.isEmpty ? "not set" : facts.term.printable),
      ("description", facts.entryName.map { "\($0), \(facts.entryColours) colours" } ?? "none"),
      ("COLORTERM", facts.colorTerm.isEmpty ? "not set" : facts.colorTerm.printable),
      ("colours", "\(colours.depth.title), as \(colours.reason)"),
      ("multiplexer", multiplexer),
      ("encoding", encoding),
      ("size", "\(size.columns)×\(size.rows) cells"),
      ("cell", facts.cellPixels.map { "\($0.width)×\($0.height) pixels" } ?? unknown),
      ("background", facts.answers.background.map { "\($0.hex), \(theme)" } ?? unknown),
      ("picture glyphs", glyphs),
      ("mouse", facts.term == "linux" ? "none" : "buttons, wheel and motion (SGR)"),
      ("whole frames", facts.answers.hasSynchronizedOutput.map { $0 ? "yes" : "no" } ?? unknown),
      ("answers", answers),
    ]
    if !isTerminal { lines.append(("note", "not asked: no terminal in the foreground")) }
    let width = lines.map(\.0.count).max() ?? 0
    var text = lines.map { name, value in
      name + String(repeating: " ", count: width - name.count) + "  " + value
    }.joined(separator: "\n")
    for obstacle in obstacles { text += "\n\n! \(obstacle.problem)\n  → \(obstacle.remedy)" }
    if obstacles.isEmpty && isTerminal { text += "\n\nNothing stands in the way." }
    return text
  }

  /// The same as one object.
  var json: JSON {
    func string(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
    func bool(_ value: Bool?) -> JSON { value.map(JSON.bool) ?? .null }
    let answers = facts.answers
    return .report(
      "terminal",
      [
        JSON.Member("is_terminal", .bool(isTerminal)),
        JSON.Member("terminal", string(facts.program)),
        JSON.Member("term", .string(facts.term)),
        JSON.Member("description", string(facts.entryName)),
        JSON.Member("description_colours", .number("\(facts.entryColours)")),
        JSON.Member("colorterm", .string(facts.colorTerm)),
        JSON.Member("colours", .string(colours.depth.name)),
        JSON.Member("colours_reason", .string(colours.reason)),
        JSON.Member("multiplexer", multiplexerJSON),
        JSON.Member("locale", .string(facts.encoding.locale)),
        JSON.Member("codeset", .string(facts.encoding.codeset)),
        JSON.Member("locale_is_substitute", .bool(facts.encoding.isSubstitute)),
        JSON.Member("columns", .number("\(size.columns)")),
        JSON.Member("rows", .number("\(size.rows)")),
        JSON.Member(
          "cell_pixels",
          facts.cellPixels.map {
            .array([.number("\($0.width)"), .number("\($0.height)")])
          } ?? .null),
        JSON.Member("background", string(answers.background?.hex)),
        JSON.Member(
          "background_is_light",
          bool(
            answers.background.map { _ in
              features.hasLightBackground
            })),
        JSON.Member("glyphs", .array(glyphNames.map(JSON.string))),
        JSON.Member(
          "glyph_widths", .array(answers.glyphWidths.map { .number("\($0)") })),
        JSON.Member("synchronized_output", bool(answers.hasSynchronizedOutput)),
        JSON.Member(
          "round_trip_ms",
          answers.roundTrip.map {
            .number(($0 / .milliseconds(1)).formatted(decimals: 3))
          } ?? .null),
        JSON.Member(
          "obstacles",
          .array(
            obstacles.map {
              .object([
                JSON.Member("problem", .string($0.problem)),
                JSON.Member("remedy", .string($0.remedy)),
              ])
            })),
      ])
  }

  private var theme: String { features.hasLightBackground ? "light" : "dark" }

  private var answers: String {
    facts.answers.roundTrip.map {
      "after \(($0 / .milliseconds(1)).formatted(decimals: 1)) ms"
    } ?? "none"
  }

  private var encoding: String {
    let note = facts.encoding.isSubstitute ? ", in place of a locale without UTF-8" : ""
    return "\(facts.encoding.codeset), locale \(facts.encoding.locale)\(note)"
  }

  private var glyphNames: [String] {
    var names: [String] = []
    if features.glyphs.contains(.blocks) { names.append("blocks") }
    if features.glyphs.contains(.sextants) { names.append("sextants") }
    return names.isEmpty ? ["ascii"] : names
  }

  private var glyphs: String {
    let names = ["block", "sextant", "octant"]
    let widths = zip(names, facts.answers.glyphWidths).map { "\($0) \($1)" }
    let note = widths.isEmpty ? "" : "; columns taken: " + widths.joined(separator: ", ")
    return glyphNames.joined(separator: ", ") + note
  }

  private var multiplexer: String {
    switch facts.multiplexer {
    case nil: return "none"
    case .screen: return "GNU screen"
    case .tmux(let version, let clients):
      let name = "tmux" + (version.map { " \($0)" } ?? "")
      guard let clients else { return name + ", not asked for its clients" }
      let list = clients.map { "\($0.term) with \($0.isTrueColour ? "24 bits" : "256 colours")" }
      return name + ", shown on " + (list.isEmpty ? "no terminal" : list.joined(separator: "; "))
    }
  }

  private var multiplexerJSON: JSON {
    switch facts.multiplexer {
    case nil: return .null
    case .screen: return .object([JSON.Member("name", .string("screen"))])
    case .tmux(let version, let clients):
      return .object([
        JSON.Member("name", .string("tmux")),
        JSON.Member("version", version.map(JSON.string) ?? .null),
        JSON.Member(
          "clients",
          clients.map { list in
            .array(
              list.map {
                .object([
                  JSON.Member("term", .string($0.term)),
                  JSON.Member("terminal", $0.program.map(JSON.string) ?? .null),
                  JSON.Member("true_colour", .bool($0.isTrueColour)),
                ])
              })
          } ?? .null),
      ])
    }
  }
}

extension ColourDepth {
  /// The depth in a sentence.
  fileprivate var title: String {
    switch self {
    case .none: "none"
    case .sixteen: "16"
    case .palette256: "256"
    case .trueColour: "24 bits"
    }
  }

  /// The depth in a report.
  fileprivate var name: String {
    switch self {
    case .none: "none"
    case .sixteen: "16"
    case .palette256: "256"
    case .trueColour: "24bit"
    }
  }
}

extension RGB {
  /// `#rrggbb`.
  fileprivate var hex: String {
    "#"
      + [red, green, blue].map { value in
        let digits = String(value, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
      }.joined()
  }
}
