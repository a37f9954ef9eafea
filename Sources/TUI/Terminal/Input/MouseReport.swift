extension MouseEvent {
  /// The event of a report's button code and position, counted from 1 (xterm's Mouse Tracking).
  ///
  /// The code's low bits name the button; 4 shift, 8 alt, 16 control; 32 motion; 64 the wheel; 128 further buttons, which
  /// are not told apart here.
  init?(code: Int, column: Int, row: Int, isRelease: Bool) {
    guard column >= 1, row >= 1, code & 128 == 0 else { return nil }
    var modifiers: Key.Modifiers = []
    if code & 4 != 0 { modifiers.insert(.shift) }
    if code & 8 != 0 { modifiers.insert(.alt) }
    if code & 16 != 0 { modifiers.insert(.control) }
    let button: Button? = [.left, .middle, .right, nil][code & 3]
    let action: Action
    if code & 64 != 0 {
      action = [.wheelUp, .wheelDown, .wheelLeft, .wheelRight][code & 3]
    } else if code & 32 != 0 {
      action = button.map(Action.drag) ?? .move
    } else if let button {
      action = isRelease ? .release(button) : .press(button)
    } else {
      // The old form of a report does not say which button went up.
      action = .release(.left)
    }
    self.init(action: action, column: column - 1, row: row - 1, modifiers: modifiers)
  }

  /// Whether only the last of several such events in a row matters.
  func supersedes(_ earlier: MouseEvent) -> Bool {
    guard modifiers == earlier.modifiers, action == earlier.action else { return false }
    switch action {
    case .drag, .move: return true
    default: return false
    }
  }
}
