/// Something that keeps the terminal from showing all it could, with the way to better it.
struct TerminalObstacle: Equatable, Sendable {
  let problem: String
  let remedy: String
}

extension TerminalFacts {
  /// What stands in the way of exact colours, glyphs and input.
  func obstacles(_ colours: ColourFinding) -> [TerminalObstacle] {
    [termObstacle, colourObstacle(colours), encodingObstacle, answerObstacle].compactMap { $0 }
  }

  /// What stands in the way of pictures in the colours and glyphs they should have.
  func pictureObstacle(_ colours: ColourFinding) -> TerminalObstacle? {
    encodingObstacle ?? colourObstacle(colours)
  }

  private var termObstacle: TerminalObstacle? {
    if term.isEmpty {
      return TerminalObstacle(
        problem: "TERM is not set, so nothing is known of the terminal",
        remedy: "set it to the terminal's name, as in: export TERM=xterm-256color")
    }
    if term == "dumb" {
      return TerminalObstacle(
        problem: "TERM=dumb names a terminal that cannot move its cursor",
        remedy: "run hfgd in a terminal, or set TERM to its name, as in: export TERM=xterm-256color"
      )
    }
    if entryName == nil {
      return TerminalObstacle(
        problem: "there is no description of TERM=\(term.printable) on this machine",
        remedy: "install ncurses-term, or set TERM, as in: export TERM=xterm-256color")
    }
    if entryName != term {
      return TerminalObstacle(
        problem: "there is no description of TERM=\(term.printable) on this machine; "
          + "\(entryName ?? "") stands in",
        remedy: "install ncurses-term, or copy the description: infocmp -x | ssh HOST tic -x -")
    }
    return nil
  }

  private func colourObstacle(_ colours: ColourFinding) -> TerminalObstacle? {
    switch (multiplexer, multiplexer?.passesTrueColour, colours.depth) {
    case (_, _, .none), (_, _, .trueColour): return nil
    case (.screen, _, _):
      return TerminalObstacle(
        problem: "GNU screen takes 24-bit colours for something else, so 256 are sent",
        remedy: "use tmux, or run hfgd outside of screen")
    case (.tmux(_, let clients), false, _):
      let terms = Set(clients?.filter { !$0.isTrueColour }.map(\.term) ?? []).sorted()
      return TerminalObstacle(
        problem: "tmux sends 256 colours to your terminal (\(terms.joined(separator: ", ")))",
        remedy: "add `set -as terminal-features ',*:RGB'` to ~/.tmux.conf, run "
          + "`tmux source ~/.tmux.conf`, detach and attach again")
    case (_, _, .palette256), (_, _, .sixteen):
      let name = colours.depth == .sixteen ? "\(min(16, entryColours))" : "256"
      return TerminalObstacle(
        problem: "\(name) colours are sent, as \(colours.reason)",
        remedy: "where the terminal knows 24-bit colours, say so: export COLORTERM=truecolor")
    }
  }

  private var encodingObstacle: TerminalObstacle? {
    if !encoding.isUTF8 {
      return TerminalObstacle(
        problem: "the locale \(encoding.locale) has no UTF-8, so pictures are drawn in ASCII",
        remedy: "set one with UTF-8, as in: export LC_CTYPE=C.UTF-8")
    }
    if answers.readsUTF8 == false {
      return TerminalObstacle(
        problem: "the terminal does not read UTF-8, so pictures are drawn in ASCII",
        remedy: "switch the terminal's encoding to UTF-8")
    }
    return nil
  }

  private var answerObstacle: TerminalObstacle? {
    guard answers.roundTrip == nil, entryName != nil, term != "dumb" else { return nil }
    return TerminalObstacle(
      problem: "the terminal did not answer questions about itself in time",
      remedy: "its background is taken for dark; T in the explorer changes that")
  }
}
