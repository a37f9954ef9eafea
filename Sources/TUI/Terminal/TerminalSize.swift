import Glibc

/// The size of a terminal in cells.
struct TerminalSize: Equatable {
  let columns, rows: Int

  /// The size of the terminal behind a file descriptor, `nil` where there is none or it does not know.
  static func of(_ descriptor: Int32) -> TerminalSize? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return nil
    }
    return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }

  /// What the terminal behind standard output says, then COLUMNS and LINES, then 80 × 24.
  static func current(environment: [String: String]) -> TerminalSize {
    func side(_ name: String) -> Int? {
      environment[name].flatMap(Int.init).flatMap { 1...4096 ~= $0 ? $0 : nil }
    }
    return of(STDOUT_FILENO)
      ?? TerminalSize(columns: side("COLUMNS") ?? 80, rows: side("LINES") ?? 24)
  }
}
