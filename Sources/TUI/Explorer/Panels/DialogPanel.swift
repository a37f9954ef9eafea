import Viz

/// What lies over the panels: help, command palette, filter.
enum DialogPanel {
  static func draw(_ state: ExplorerState, _ layout: Layout, on grid: inout CellGrid) {
    let screen = Rect(x: 0, y: 0, width: state.columns, height: state.rows)
    switch state.dialog {
    case .none: break
    case .help(let filter, let selection):
      list(
        state, title: "commands", prompt: "/\(filter)", CommandRegistry.matching(filter), selection,
        in: screen.centred(width: 76, height: state.rows - 2), on: &grid)
    case .palette(let text, let selection):
      let word = String(text.split(separator: " ", maxSplits: 1).first ?? "")
      let found = CommandRegistry.matching(text.contains(" ") ? word : text)
      list(
        state, title: "command", prompt: ":\(text)", found, selection,
        in: screen.centred(width: 64, height: min(state.rows - 2, 14)), on: &grid)
    case .filter:
      let rect = layout.hints
      grid.fill(rect, state.theme.selection)
      let count = state.gallery.listed.count
      grid.write(
        " /\(state.gallery.filter)▏ \(count) of \(state.gallery.entries.count)  Enter keeps, Esc undoes",
        x: rect.x, y: rect.y, width: rect.width,
        TextStyle(state.theme.selectedText, on: state.theme.selection, .bold))
    }
  }

  private static func list(
    _ state: ExplorerState, title: String, prompt: String, _ commands: [ExplorerCommand],
    _ selection: Int, in rect: Rect, on grid: inout CellGrid
  ) {
    let theme = state.theme
    grid.fill(rect, theme.bar)
    grid.frame(
      rect, title: title, TextStyle(theme.frame, on: theme.bar),
      titleStyle: TextStyle(theme.accent, on: theme.bar, .bold))
    let inner = rect.inset(1)
    grid.write(
      " \(prompt)▏", x: inner.x, y: inner.y, width: inner.width,
      TextStyle(theme.text, on: theme.bar, .bold))
    let lines = inner.height - 1
    let first = max(0, min(selection - lines / 2, commands.count - lines))
    for line in 0..<max(0, lines) where first + line < commands.count {
      let command = commands[first + line]
      let isSelected = first + line == selection
      let background = isSelected ? theme.selection : theme.bar
      let y = inner.y + 1 + line
      grid.fill(Rect(x: inner.x, y: y, width: inner.width, height: 1), background)
      if isSelected {
        grid.write("▸", x: inner.x, y: y, width: 1, TextStyle(theme.accent, on: background))
      }
      let keys = command.keys.map(\.label).joined(separator: " ")
      grid.write(
        keys, x: inner.x + 1, y: y, width: 12, TextStyle(theme.accent, on: background, .bold))
      let textColour = isSelected ? theme.selectedText : theme.text
      let nameWidth = min(22, max(0, inner.width - 50))
      grid.write(
        command.title, x: inner.x + 14, y: y, width: inner.width - 15 - nameWidth,
        TextStyle(textColour, on: background))
      if nameWidth > 0 {
        grid.write(
          command.name + (command.argument.map { " \($0)" } ?? ""), x: inner.maxX - nameWidth, y: y,
          width: nameWidth, TextStyle(theme.faint, on: background))
      }
    }
    if commands.isEmpty {
      grid.write(
        " nothing matches", x: inner.x, y: inner.y + 1, width: inner.width,
        TextStyle(theme.faint, on: theme.bar))
    }
  }
}
