import Viz

/// The last line: a message, or the keys that matter now; at its right what the engine is doing.
enum HintLine {
  static func draw(_ state: ExplorerState, in rect: Rect, on grid: inout CellGrid) {
    let theme = state.theme
    grid.fill(rect, theme.bar)
    let activity = activity(state)
    grid.write(
      activity, x: rect.maxX - activity.count, y: rect.y, width: activity.count,
      TextStyle(theme.accent, on: theme.bar))
    let room = rect.width - activity.count - 1
    if let message = state.message {
      let colour = message.isError ? theme.warning : theme.text
      grid.write(
        " \(message.text.printable)", x: rect.x, y: rect.y, width: room,
        TextStyle(colour, on: theme.bar))
      return
    }
    var x = rect.x + 1
    for (key, word) in hints(state) {
      guard x + key.count + word.count + 3 <= rect.x + room else { break }
      x = grid.write(
        key, x: x, y: rect.y, width: room, TextStyle(theme.accent, on: theme.bar, .bold))
      x = grid.write(
        " \(word)  ", x: x, y: rect.y, width: room, TextStyle(theme.faint, on: theme.bar))
    }
  }

  /// The keys of the focused panel, then those of everywhere.
  private static func hints(_ state: ExplorerState) -> [(String, String)] {
    let own: [(String, String)] =
      switch state.focus {
      case .list:
        [("↑↓", "image"), ("/", "filter"), ("s", "sort"), ("m", "mark"), ("Enter", "inspect")]
      case .picture:
        [("←↓↑→", "cursor"), ("+-", "zoom"), ("HJKL", "pan"), ("f", "fit"), ("y", "copy")]
      case .classes: [("↑↓", "class"), ("S", "solo"), ("X", "hide"), ("C", "sort")]
      }
    let views = [("v", "view"), ("[]", "opacity"), ("o", "stage")]
    let compare = state.slots.count > 1 ? [("c", "compare"), ("d", "difference")] : []
    return [("?", "help")] + own + views + compare + [
      ("Tab", "panel"), (":", "command"), ("q", "quit"),
    ]
  }

  private static func activity(_ state: ExplorerState) -> String {
    guard let activity = state.activity else { return "" }
    let spinner = Array("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")[state.ticks % 10]
    let progress = activity.progress.map { " \($0.done)/\($0.total)" } ?? ""
    return " \(spinner) \(activity.what)\(progress) "
  }
}
