import Glibc

/// The stream for messages and progress; data goes to standard output.
enum StandardError {
  /// Whether a person may be looking.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes a line.
  static func print(_ line: String) { write(line + "\n") }

  /// Writes text as it is; a closed stream is not worth an error.
  static func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }
}
