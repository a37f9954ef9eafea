/// A key with its modifiers, as the terminal can tell it.
struct Key: Hashable, Sendable {
  /// Which key.
  enum Code: Hashable, Sendable {
    /// A key that writes; Shift is in the character.
    case character(Character)
    case enter, tab, backTab, escape, backspace, delete, insert
    case up, down, left, right, home, end, pageUp, pageDown
    case function(Int)
  }

  /// What is held down with it.
  struct Modifiers: OptionSet, Hashable, Sendable {
    let rawValue: UInt8
    static let control = Modifiers(rawValue: 1)
    static let alt = Modifiers(rawValue: 2)
    /// For keys that do not write, such as arrows.
    static let shift = Modifiers(rawValue: 4)
  }

  var code: Code
  var modifiers: Modifiers = []

  init(_ code: Code, _ modifiers: Modifiers = []) {
    self.code = code
    self.modifiers = modifiers
  }

  /// A key that writes a character.
  init(_ character: Character, _ modifiers: Modifiers = []) {
    self.init(.character(character), modifiers)
  }
}

/// What the mouse did, and over which cell (from 0 at the upper left).
struct MouseEvent: Hashable, Sendable {
  /// Which button, or which way the wheel turned.
  enum Button: Hashable, Sendable {
    case left, middle, right
  }

  /// What happened.
  enum Action: Hashable, Sendable {
    case press(Button)
    case release(Button)
    /// Moved with a button held down, or without.
    case drag(Button)
    case move
    case wheelUp, wheelDown, wheelLeft, wheelRight
  }

  var action: Action
  var column, row: Int
  var modifiers: Key.Modifiers = []
}

/// What comes from the terminal.
enum TerminalEvent: Hashable, Sendable {
  case key(Key)
  case mouse(MouseEvent)
  /// The terminal has another size, in cells.
  case resize(columns: Int, rows: Int)
  /// Text that was pasted, as one piece.
  case paste(String)
  /// The terminal's window got or lost the keyboard.
  case focus(Bool)
  /// The program is back from the background; everything must be drawn again.
  case resumed
  /// ``Waker/wake`` was called, once or several times, or a late answer changed what ``Terminal/features`` says.
  case wake
  /// The terminal is gone, or a signal asks the process to end: save and leave within two seconds.
  case hangup
}
