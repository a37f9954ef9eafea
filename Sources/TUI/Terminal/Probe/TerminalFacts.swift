import Core

/// Everything that was found out about the terminal, and what follows from it.
struct TerminalFacts: Equatable, Sendable {
  /// TERM; empty where it is not set.
  var term: String
  /// The name of the description in use, where there is one for TERM or a stand-in.
  var entryName: String?
  /// Colours that the description counts, and whether it promises 24 bits.
  var entryColours = 0
  var entryPromisesTrueColour = false
  /// COLORTERM; empty where it is not set.
  var colorTerm = ""
  var encoding: CharacterEncoding
  var multiplexer: Multiplexer?
  var answers = ProbeAnswers()
  /// Where the window has a size in pixels, that of a cell.
  var windowCellPixels: TerminalFeatures.CellPixels?

  /// A depth and what it was concluded from.
  struct ColourFinding: Equatable, Sendable {
    let depth: ColourDepth
    let reason: String
  }

  /// How many colours to send.
  ///
  /// `--color` and NO_COLOR come first. A multiplexer that reduces colours is worse than reducing them here, with care. Then
  /// counts what the terminal itself has shown, then what it promises, then what its description says.
  func colours(
    _ choice: ColourDepth.Choice, environment: [String: String]
  ) -> ColourFinding {
    let described = ColourDepth.detect(
      choice, environment: environment, isTerminal: true,
      terminfo: { (entryColours, entryPromisesTrueColour) })
    if described == .none {
      let reason =
        choice == .never
        ? "--color never"
        : (environment["NO_COLOR"] ?? "").isEmpty
          ? "the terminal's description has no colours" : "NO_COLOR is set"
      return ColourFinding(depth: .none, reason: reason)
    }
    switch (multiplexer, multiplexer?.passesTrueColour) {
    case (.screen, _):
      return ColourFinding(depth: .palette256, reason: "GNU screen passes 256 colours")
    case (_, false):
      return ColourFinding(depth: .palette256, reason: "tmux sends 256 colours to your terminal")
    case (_, true):
      return ColourFinding(
        depth: .trueColour, reason: "tmux passes 24-bit colours to your terminal")
    default: break
    }
    if answers.confirmsTrueColour == true {
      return ColourFinding(depth: .trueColour, reason: "the terminal gave a 24-bit colour back")
    }
    let isPromised = ["truecolor", "24bit"].contains(colorTerm)
    let reason =
      isPromised
      ? "COLORTERM=\(colorTerm)"
      : "the description \(entryName ?? term) has \(entryColours) colours"
    if described != .trueColour, let program = answers.program, isKnownForTrueColour(program) {
      return ColourFinding(depth: .trueColour, reason: "\(program) knows 24-bit colours")
    }
    return ColourFinding(depth: described, reason: reason)
  }

  /// The terminal's own name, from behind tmux too.
  var program: String? {
    if case .tmux(_, let clients?) = multiplexer { return clients.first?.program }
    return answers.program
  }

  /// What a full-screen program can show here.
  func features(_ colours: ColourFinding) -> TerminalFeatures {
    TerminalFeatures(
      depth: colours.depth, glyphs: glyphs, background: answers.background, cellPixels: cellPixels)
  }

  /// Whether more than ASCII comes out right.
  var isUTF8: Bool { encoding.isUTF8 && answers.readsUTF8 != false }

  /// A cell in pixels, as the terminal says, else as the window's size does.
  var cellPixels: TerminalFeatures.CellPixels? { answers.cellPixels ?? windowCellPixels }

  /// Glyphs that are known to come out right.
  ///
  /// Sextants are drawn well only by terminals that draw them themselves; fonts leave gaps.
  private var glyphs: GlyphSupport {
    guard isUTF8, term != "linux" else { return [] }
    var result: GlyphSupport = .blocks
    let drawsSextants = ["kitty", "foot", "VTE", "WezTerm", "contour", "ghostty"].contains {
      program?.hasPrefix($0) == true
    }
    if drawsSextants, answers.width(of: "\u{1FB00}") ?? 1 == 1 { result.insert(.sextants) }
    return result
  }

  private func isKnownForTrueColour(_ program: String) -> Bool {
    [
      "kitty", "foot", "VTE", "WezTerm", "contour", "ghostty", "iTerm2", "Konsole", "XTerm",
      "mintty", "tmux",
    ].contains { program.hasPrefix($0) }
  }
}
