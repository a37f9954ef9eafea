import Glibc

/// The stream for data: what a command was asked for.
enum StandardOutput {
  /// Writes a line, all of it: a full disk must not pass for success.
  static func print(_ text: String) throws(CommandFailure) {
    var bytes = Array((text + "\n").utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else {
        throw CommandFailure(
          .someInputsFailed,
          "standard output cannot be written (\(String(cString: strerror(errno))))")
      }
      bytes = bytes.dropFirst(written)
    }
  }
}
