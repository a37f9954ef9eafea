/// Which of the mouse's doings the terminal reports.
enum MouseReporting: String, Sendable, CaseIterable {
  /// None: the terminal selects text as it does in a shell.
  case off
  /// Buttons, the wheel, and motion with a button down.
  case buttons
  /// All of that and plain motion.
  case motion

  /// The private modes that select it, of those of xterm: 1000 buttons, 1002 drags, 1003 motion, 1006 numbers in text.
  var codes: String {
    switch self {
    case .off: "\u{1B}[?1003l\u{1B}[?1002l\u{1B}[?1000l\u{1B}[?1006l"
    case .buttons: "\u{1B}[?1003l\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h"
    case .motion: "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1003h\u{1B}[?1006h"
    }
  }
}
