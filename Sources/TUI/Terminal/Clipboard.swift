import Foundation

/// Why text was not put onto the clipboard.
enum ClipboardFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// Terminals drop longer texts without a word.
  case tooLong(bytes: Int, limit: Int)

  var description: String {
    switch self {
    case .tooLong(let bytes, let limit):
      "the text has \(bytes) bytes, but terminals take at most \(limit) for the clipboard; "
        + "export it to a file"
    }
  }
}

/// The control string that sets the clipboard (OSC 52), and how it passes through multiplexers.
enum Clipboard {
  /// xterm takes 100 000 bytes of a control string; three quarters of it remain after base64, less its frame.
  static let limit = 74_900

  /// What to send for `text`.
  static func codes(
    _ text: String, through multiplexer: Multiplexer?
  ) throws(ClipboardFailure) -> String {
    let bytes = Data(text.utf8)
    guard bytes.count <= limit else { throw .tooLong(bytes: bytes.count, limit: limit) }
    let plain = "\u{1B}]52;c;\(bytes.base64EncodedString())\u{7}"
    switch multiplexer {
    case nil: return plain
    // tmux takes the plain form with `set-clipboard on`, and hands the wrapped one on with `allow-passthrough on`.
    case .tmux:
      let inner = plain.replacing("\u{1B}", with: "\u{1B}\u{1B}")
      return plain + "\u{1B}Ptmux;\(inner)\u{1B}\\"
    // screen hands on strings of up to 768 bytes, so a long one goes in pieces.
    case .screen:
      return stride(from: 0, to: plain.utf8.count, by: 700).map { start in
        let piece = plain.utf8.dropFirst(start).prefix(700)
        return "\u{1B}P" + String(decoding: piece, as: UTF8.self) + "\u{1B}\\"
      }.joined()
    }
  }
}
