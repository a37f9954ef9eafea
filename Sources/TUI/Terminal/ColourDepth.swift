@preconcurrency import CNCurses
import Glibc

/// How many colours may be sent to standard output.
enum ColourDepth: Equatable {
  case none
  case sixteen
  case palette256
  case trueColour

  /// What `--color` says.
  enum Choice: String, CaseIterable {
    case auto, always, never
  }

  /// The depth for `choice`, the environment and the terminal's own entry.
  ///
  /// `NO_COLOR` (not empty) switches colour off, `CLICOLOR_FORCE` or `FORCE_COLOR` on; both yield to `--color`.
  /// COLORTERM promises true colour; else terminfo's `RGB` flag or its number of colours decides.
  static func detect(
    _ choice: Choice, environment: [String: String], isTerminal: Bool,
    terminfo: () -> (colours: Int, isDirect: Bool) = { terminfoColours() }
  ) -> ColourDepth {
    func isSet(_ name: String) -> Bool { !(environment[name] ?? "").isEmpty }
    func isForced(_ name: String) -> Bool { isSet(name) && environment[name] != "0" }
    switch choice {
    case .never: return .none
    case .always: break
    case .auto:
      if isSet("NO_COLOR") { return .none }
      if !isForced("CLICOLOR_FORCE") && !isForced("FORCE_COLOR") {
        if !isTerminal || environment["TERM"] == "dumb" { return .none }
      }
    }
    if ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "") { return .trueColour }
    let (colours, isDirect) = terminfo()
    if isDirect || colours >= 1 << 24 { return .trueColour }
    if colours >= 256 { return .palette256 }
    // Forced colour with nothing known of the reader, as in a pipe to a pager or a file: the full picture.
    if colours < 8 { return choice == .always || !isTerminal ? .trueColour : .none }
    return .sixteen
  }

  /// What the terminfo entry of TERM says; nothing where there is no entry.
  private static func terminfoColours() -> (colours: Int, isDirect: Bool) {
    var status: Int32 = 0
    guard setupterm(nil, STDOUT_FILENO, &status) == OK, let entry = cur_term else {
      return (0, false)
    }
    defer { _ = del_curterm(entry) }
    let colours = name("colors") { tigetnum($0) }
    return (max(0, Int(colours)), name("RGB") { tigetflag($0) } > 0)
  }

  private static func name(_ name: String, _ body: (UnsafeMutablePointer<CChar>) -> Int32) -> Int32
  {
    var characters = name.utf8CString
    return characters.withUnsafeMutableBufferPointer { $0.baseAddress.map(body) ?? -1 }
  }
}
