import Core
import Viz

/// The last line: a message, or the keys that matter now; at its right what is under way.
enum HintLine {
  static func draw(_ state: ExplorerState, in rect: Rect, on grid: inout CellGrid) {
    let theme = state.theme
    grid.fill(rect, theme.bar)
    let activity = activity(state)
    let room = rect.width - activity.count - 1
    if let message = state.message {
      draw(message, theme, in: rect, room: room, on: &grid)
    } else {
      var x = rect.x + 1
      for (key, word) in hints(state) {
        guard x + key.count + word.count + 3 <= rect.x + room else { break }
        x = grid.write(
          key, x: x, y: rect.y, width: room, TextStyle(theme.accent, on: theme.bar, .bold))
        x = grid.write(
          " \(word)  ", x: x, y: rect.y, width: room, TextStyle(theme.faint, on: theme.bar))
      }
    }
    grid.write(
      activity, x: rect.maxX - activity.count, y: rect.y, width: activity.count,
      TextStyle(theme.accent, on: theme.bar))
  }

  /// A message; one that is too long, as with a remedy, takes up to three lines.
  private static func draw(
    _ message: ExplorerState.Message, _ theme: Theme, in rect: Rect, room: Int,
    on grid: inout CellGrid
  ) {
    let style = TextStyle(message.isError ? theme.warning : theme.text, on: theme.bar)
    let lines = message.text.printable.wrapped(to: max(1, room - 2), lines: 3)
    for (i, line) in lines.enumerated() {
      let y = rect.y - lines.count + 1 + i
      grid.fill(Rect(x: rect.x, y: y, width: rect.width, height: 1), theme.bar)
      grid.write(" \(line)", x: rect.x, y: y, width: room, style)
    }
  }

  /// The keys of the focused panel, then those of everywhere.
  private static func hints(_ state: ExplorerState) -> [(keys: String, word: String)] {
    named(hintedCommands(state), state)
  }

  /// The first keys of commands, for those that have some.
  private static func named(_ all: [([String], String)], _ state: ExplorerState) -> [(
    keys: String, word: String
  )] {
    all.compactMap { names, word in
      let keys = names.compactMap { state.bindings.keys(of: $0).first?.label }.joined()
      return keys.isEmpty ? nil : (keys, word)
    }
  }

  private static func hintedCommands(_ state: ExplorerState) -> [([String], String)] {
    if state.bench.isOpen {
      return [
        (["go.left", "go.down", "go.up", "go.right"], "choose"), (["open"], "its pixels"),
      ] + (state.slots.count > 1 ? [(["tokens.show"], "model")] : []) + [
        (["tokens.values"], "values"), (["tokens.order"], "order"), (["tokens.scale"], "scale"),
        (["tokens.larger", "tokens.smaller"], "zoom"), (["back"], "back"), (["export"], "write"),
        (["help"], "help"),
      ]
    }
    if state.confusion != nil {
      let other = state.slots.count > 1 ? [(["compare.swap"], "other model")] : []
      return [
        (["go.left", "go.down", "go.up", "go.right"], "choose"), (["open"], "its images"),
        (["back"], "back"),
      ] + other + [(["export"], "write"), (["help"], "help")]
    }
    if state.mode == .whatIf {
      return [
        (["what-if.less", "what-if.more"], "bias"), (["go.up", "go.down"], "class"),
        (["what-if.mask"], "mask"), (["what-if.merge"], "merge"), (["what-if.sum"], "sum"),
      ] + (state.slots.count > 1 ? [(["what-if.swap"], "swap tokens")] : []) + [
        (["what-if.cooler", "what-if.warmer"], "temperature"), (["what-if.reset"], "reset"),
        (["focus.next"], "panel"), (["back"], "back"), (["help"], "help"),
      ]
    }
    if state.scatter.isOpen {
      return [
        (["class.previous", "class.next"], "class"), (["class.hide"], "hide"),
        (["class.solo"], "alone"), (["class.all"], "all"), (["export"], "write"),
        (["back"], "back"), (["help"], "help"),
      ]
    }
    if let walk = state.walk {
      return [
        (["blob.next"], "next blob"), (["blob.previous"], "before"),
        (["back"], walk.isFromBench ? "bench" : "matrix"),
        (["view.next"], "view"), (["zoom.in", "zoom.out"], "zoom"), (["help"], "help"),
      ]
    }
    let own: [([String], String)] =
      switch state.focus {
      case .list:
        [
          (["go.up", "go.down"], "image"), (["list.filter"], "filter"), (["list.sort"], "sort"),
          (["list.mark"], "mark"), (["open"], "inspect"),
        ]
      case .picture:
        [
          (["go.left", "go.down", "go.up", "go.right"], "cursor"),
          (["zoom.in", "zoom.out"], "zoom"),
          (["pan.left", "pan.down", "pan.up", "pan.right"], "pan"), (["zoom.fit"], "fit"),
          (["copy"], "copy"),
        ]
      case .classes:
        [
          (["go.up", "go.down"], "class"), (["class.solo"], "solo"), (["class.hide"], "hide"),
          (["class.sort"], "sort"),
        ]
      }
    let views = [
      (["view.next"], "view"), (["overlay.less", "overlay.more"], "opacity"),
      (["stage.pin"], "stage"),
    ]
    let difference = state.slots.count > 1 ? [(["compare.difference"], "difference")] : []
    let compare = [(["compare.next"], "compare")] + difference
    return [(["help"], "help")] + own + views + compare + [
      (["focus.next"], "panel"), (["palette"], "command"), (["quit"], "quit"),
    ]
  }

  private static func activity(_ state: ExplorerState) -> String {
    let export = state.exportPath.map {
      Activity(
        what: "writing \($0.fileName), Esc cancels", progress: state.exportProgress)
    }
    guard let activity = export ?? state.activity else { return "" }
    let spinner = Array("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")[state.ticks % 10]
    let progress = activity.progress.map { " \($0.done)/\($0.total)" } ?? ""
    return " \(spinner) \(activity.what)\(progress) "
  }
}
