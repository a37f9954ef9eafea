/// A program between this one and the terminal that keeps a screen of its own.
enum Multiplexer: Equatable, Sendable {
  /// GNU screen: it takes 24-bit colours for something else.
  case screen
  /// tmux with the terminals that show the session; `nil` where it could not be asked, as from another machine.
  case tmux(version: String?, clients: [Client]?)

  /// A terminal that shows a tmux session.
  struct Client: Equatable, Sendable {
    /// What tmux takes for its TERM.
    let term: String
    /// The terminal's own name and version, where it told tmux.
    let program: String?
    let isTrueColour: Bool
  }

  /// What to ask tmux for: TERM, features and program of each client of the session, and tmux's version.
  static let clientFormat =
    "#{client_termname}\t#{client_termfeatures}\t#{client_termtype}\t#{version}"

  /// Reads tmux's answer to `list-clients` in `clientFormat`.
  static func tmux(clientList: String) -> Multiplexer {
    var version: String?
    let clients = clientList.split(separator: "\n").compactMap { line -> Client? in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 4, !fields[0].isEmpty else { return nil }
      version = String(fields[3])
      let features = fields[1].split(separator: ",")
      return Client(
        term: String(fields[0]), program: fields[2].isEmpty ? nil : String(fields[2]),
        isTrueColour: features.contains("RGB") || fields[0].hasSuffix("-direct"))
    }
    return .tmux(version: version, clients: clients)
  }

  /// The multiplexer that the environment and the terminal's own name speak of.
  ///
  /// - Parameters:
  ///   - program: the answer to XTVERSION.
  ///   - clientList: tmux's answer, where it was asked.
  init?(environment: [String: String], program: String?, clientList: String?) {
    let hasScreenName = (environment["TERM"] ?? "").hasPrefix("screen")
    let isInScreen = !(environment["STY"] ?? "").isEmpty
    let isTmux = program?.hasPrefix("tmux ") == true
    // Each one's variables are inherited by the other; only tmux tells its name.
    let isScreenInTmux = isInScreen && hasScreenName && !isTmux
    if !(environment["TMUX"] ?? "").isEmpty && !isScreenInTmux {
      self = clientList.map(Multiplexer.tmux(clientList:)) ?? .tmux(version: nil, clients: nil)
    } else if let program, isTmux {
      self = .tmux(version: String(program.dropFirst(5)), clients: nil)
    } else if isInScreen || hasScreenName {
      self = .screen
    } else {
      return nil
    }
  }

  /// Whether 24-bit colours reach the terminal; `nil` where nobody knows.
  var passesTrueColour: Bool? {
    switch self {
    case .screen: false
    case .tmux(_, let clients?) where !clients.isEmpty: clients.allSatisfy(\.isTrueColour)
    case .tmux: nil
    }
  }
}
