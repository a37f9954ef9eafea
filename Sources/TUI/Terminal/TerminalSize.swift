import Glibc

/// The size of the terminal behind standard output, in cells.
struct TerminalSize: Equatable {
  let columns, rows: Int

  /// What the terminal says, then COLUMNS and LINES, then 80 × 24.
  static func current(environment: [String: String]) -> TerminalSize {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 {
      return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }
    return TerminalSize(
      columns: environment["COLUMNS"].flatMap(Int.init) ?? 80,
      rows: environment["LINES"].flatMap(Int.init) ?? 24)
  }
}
