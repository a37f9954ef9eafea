import Viz

/// What lies over the panels: help, command palette, filter, what is altered.
enum DialogPanel {
  static func draw(_ state: ExplorerState, _ layout: Layout, on grid: inout CellGrid) {
    let screen = Rect(x: 0, y: 0, width: state.columns, height: state.rows)
    switch state.dialog {
    case .none: break
    case .help(let filter, let selection):
      let found = CommandRegistry.matching(filter)
      let lines = filter.isEmpty ? chapters(found) : found.indices.map(Line.command)
      let list = CommandList(
        title: "commands", prompt: "/\(filter)", note: "type to filter, Enter runs", found, lines,
        selection, isPalette: false)
      list.draw(state, in: screen.centred(width: 104, height: state.rows - 2), on: &grid)
    case .palette(let palette):
      let found = DialogUpdate.completions(of: palette.text)
      let list = CommandList(
        title: "command", prompt: ":\(palette.text)", note: "Tab completes, Enter runs", found,
        found.indices.map(Line.command), palette.selection, isPalette: true)
      list.draw(
        state, in: screen.centred(width: 104, height: min(state.rows - 2, 16)), on: &grid)
    case .corruption(let selection):
      AlterationPanel.drawCorruption(state, selection, in: layout.panes[0], on: &grid)
    case .parts(let selection):
      AlterationPanel.drawParts(state, selection, in: layout.panes[0], on: &grid)
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

  /// The commands under the headings of their chapters.
  private static func chapters(_ commands: [ExplorerCommand]) -> [Line] {
    commands.indices.flatMap { i -> [Line] in
      let isFirst = i == 0 || commands[i].group != commands[i - 1].group
      return isFirst ? [.heading(commands[i].group.rawValue), .command(i)] : [.command(i)]
    }
  }

  /// A line of a list.
  fileprivate enum Line {
    case heading(String)
    /// The command at a place of the list's commands.
    case command(Int)
  }
}

/// A frame with a line to type in and the commands that it finds.
private struct CommandList {
  let title, prompt, note: String
  let commands: [ExplorerCommand]
  let lines: [DialogPanel.Line]
  let selection: Int
  /// The palette leads with names, which are typed there; the help leads with keys.
  let isPalette: Bool

  init(
    title: String, prompt: String, note: String, _ commands: [ExplorerCommand],
    _ lines: [DialogPanel.Line], _ selection: Int, isPalette: Bool
  ) {
    (self.title, self.prompt, self.note) = (title, prompt, note)
    (self.commands, self.lines, self.selection) = (commands, lines, selection)
    self.isPalette = isPalette
  }

  func draw(_ state: ExplorerState, in rect: Rect, on grid: inout CellGrid) {
    let theme = state.theme
    grid.fill(rect, theme.bar)
    grid.frame(
      rect, title: title, TextStyle(theme.frame, on: theme.bar),
      titleStyle: TextStyle(theme.accent, on: theme.bar, .bold))
    let (top, below) = rect.inset(1).splitTop(1)
    let end = grid.write(
      " \(prompt)▏", x: top.x, y: top.y, width: top.width,
      TextStyle(theme.text, on: theme.bar, .bold))
    if end + note.count + 2 <= top.maxX {
      grid.write(
        note, x: top.maxX - note.count - 1, y: top.y, width: note.count,
        TextStyle(theme.faint, on: theme.bar))
    }
    if commands.isEmpty {
      grid.write(
        " nothing matches", x: below.x, y: below.y, width: below.width,
        TextStyle(theme.faint, on: theme.bar))
    }
    let place =
      lines.firstIndex { if case .command(selection) = $0 { true } else { false } } ?? 0
    let first = max(0, min(place - below.height / 2, lines.count - below.height))
    for (i, line) in lines.dropFirst(first).prefix(max(0, below.height)).enumerated() {
      let row = Rect(x: below.x, y: below.y + i, width: below.width, height: 1)
      switch line {
      case .heading(let text):
        grid.write(
          " \(text)", x: row.x, y: row.y, width: row.width, TextStyle(theme.faint, on: theme.bar))
      case .command(let index):
        draw(commands[index], state, isSelected: index == selection, in: row, on: &grid)
      }
    }
    if lines.count > below.height, below.height > 2 {
      scrollBar(first, theme, in: below, rect.maxX - 1, on: &grid)
    }
  }

  /// Keys, title and name, or name, title and keys; with little room the help leaves out names, the palette titles.
  private func draw(
    _ command: ExplorerCommand, _ state: ExplorerState, isSelected: Bool, in row: Rect,
    on grid: inout CellGrid
  ) {
    let theme = state.theme
    let background = isSelected ? theme.selection : theme.bar
    let keyStyle = TextStyle(theme.accent, on: background, .bold)
    let textStyle = TextStyle(isSelected ? theme.selectedText : theme.text, on: background)
    let faintStyle = TextStyle(isSelected ? theme.selectedText : theme.faint, on: background)
    grid.fill(row, background)
    if isSelected { grid.write("▸", x: row.x, y: row.y, width: 1, keyStyle) }
    let isWide = row.width >= 70
    let all = state.bindings.keys(of: command.name).map(\.label)
    let keys = all.prefix(isWide ? 2 : 1).joined(separator: " ")
    let name = command.name + (command.argument.map { " \($0)" } ?? "")
    let (nameWidth, keyWidth) = (21, isWide ? 10 : 6)
    if isPalette {
      grid.write(name, x: row.x + 1, y: row.y, width: nameWidth, textStyle)
      let titleX = row.x + nameWidth + 2
      let room = row.maxX - keyWidth - 2 - titleX
      if room >= 20 { grid.write(command.title, x: titleX, y: row.y, width: room, faintStyle) }
      let width = min(keys.count, keyWidth)
      grid.write(keys, x: row.maxX - width - 1, y: row.y, width: width, keyStyle)
    } else {
      grid.write(keys, x: row.x + 1, y: row.y, width: keyWidth, keyStyle)
      let titleX = row.x + keyWidth + 2
      let hasNames = row.width >= 96
      let titleEnd = row.maxX - (hasNames ? nameWidth + 2 : 1)
      grid.write(command.title, x: titleX, y: row.y, width: titleEnd - titleX, textStyle)
      if hasNames {
        grid.write(name, x: row.maxX - nameWidth - 1, y: row.y, width: nameWidth, faintStyle)
      }
    }
  }

  /// Which part of the list is shown, on the frame's right edge.
  private func scrollBar(
    _ first: Int, _ theme: Theme, in rect: Rect, _ x: Int, on grid: inout CellGrid
  ) {
    let height = max(1, rect.height * rect.height / lines.count)
    let top = first * (rect.height - height) / max(1, lines.count - rect.height)
    for y in 0..<height {
      grid.write(
        "┃", x: x, y: rect.y + top + y, width: 1, TextStyle(theme.accent, on: theme.bar))
    }
  }
}
