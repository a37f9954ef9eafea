/// Why there is no full screen.
enum TerminalFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// One of the standard streams leads to a file or a pipe.
  case notATerminal(stream: String)
  /// Nothing can be drawn on a terminal of that kind.
  case unusable(term: String, obstacle: String, remedy: String)
  /// The line's mode cannot be changed.
  case line(errorNumber: Int32)

  var description: String {
    switch self {
    case .notATerminal(let stream):
      "the full screen needs a terminal, but \(stream) is none; run hfgd without a pipe there, "
        + "or use `hfgd view` and `hfgd predict`, which need none"
    case .unusable(_, let obstacle, let remedy): "\(obstacle); \(remedy)"
    case .line(let number):
      "the terminal's mode cannot be changed (error \(number)); start hfgd in the foreground"
    }
  }
}
