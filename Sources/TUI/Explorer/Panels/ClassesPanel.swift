import Viz

/// The classes: colour, name, share of the area, IoU here and over all images seen.
enum ClassesPanel {
  static func draw(_ state: ExplorerState, in rect: Rect, on grid: inout CellGrid) {
    guard !rect.isEmpty else { return }
    let theme = state.theme
    let hasFocus = state.focus == .classes
    for y in rect.y..<rect.maxY {
      grid.write("│", x: rect.x, y: y, width: 1, TextStyle(theme.frame))
    }
    let inner = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 1, height: rect.height)
    grid.write(
      " classes", x: inner.x, y: inner.y, width: inner.width,
      TextStyle(hasFocus ? theme.accent : theme.faint, on: nil, hasFocus ? .bold : []))
    let heading =
      switch state.views[state.focusedPane] {
      case .split: "fix brk all all"
      case .mask: "area own none"
      default: "area  IoU  all"
      }
    grid.write(
      heading, x: inner.maxX - heading.count - 1, y: inner.y, width: heading.count,
      TextStyle(theme.faint))

    let rows = state.classRows
    let lines = inner.height - 1
    let first = firstVisible(state, rows, lines: lines)
    let underCursor = state.classUnderCursor
    // What the picture is drawn with is explained here.
    let letters = state.glyphs == .letters ? classLetters(state.classes.names) : []
    for line in 0..<lines where first + line < rows.count {
      let row = rows[first + line]
      draw(
        row, state, letters, isSelected: row.classIndex == state.classPanel.selected && hasFocus,
        isUnderCursor: row.classIndex == underCursor,
        in: Rect(x: inner.x, y: inner.y + 1 + line, width: inner.width, height: 1), on: &grid)
    }
  }

  /// The first line's place: the selected class stays in view, in the middle where there are more than fit.
  private static func firstVisible(
    _ state: ExplorerState, _ rows: [ExplorerState.ClassRow], lines: Int
  ) -> Int {
    let selected = rows.firstIndex { $0.classIndex == state.classPanel.selected } ?? 0
    return max(0, min(selected - lines / 2, rows.count - lines))
  }

  /// The class in a row of the screen.
  static func classIndex(_ state: ExplorerState, row: Int, in rect: Rect) -> Int? {
    let rows = state.classRows
    let place = firstVisible(state, rows, lines: rect.height - 1) + row - rect.y - 1
    return row > rect.y && rows.indices.contains(place) ? rows[place].classIndex : nil
  }

  private static func draw(
    _ row: ExplorerState.ClassRow, _ state: ExplorerState, _ letters: [Character], isSelected: Bool,
    isUnderCursor: Bool, in rect: Rect, on grid: inout CellGrid
  ) {
    let theme = state.theme
    let background = isSelected ? theme.selection : nil
    grid.fill(rect, background)
    let isShown = state.classPanel.isShown(row.classIndex)
    let colour = state.classes.palette[row.classIndex]
    if isSelected {
      grid.write("▸", x: rect.x, y: rect.y, width: 1, TextStyle(theme.accent, on: background))
    }
    let letter = letters.isEmpty ? "■" : String(letters[row.classIndex])
    grid.write(
      isShown ? letter : "□", x: rect.x + 1, y: rect.y, width: 1, TextStyle(colour, on: background))
    let numbers =
      row.rates.map {
        integer($0.rescue, width: 3) + integer($0.damage, width: 4)
          + integer($0.seenRescue, width: 4) + integer($0.seenDamage, width: 4)
      } ?? percent(row.area, width: 4)
      + (row.query.map { integer($0.own, width: 4) + integer($0.nothing, width: 5) }
        ?? integer(row.iou, width: 5) + integer(row.seenIoU, width: 5))
    let isFaint = row.area == 0 || !isShown
    grid.write(
      state.classes.names[row.classIndex], x: rect.x + 3, y: rect.y,
      width: rect.width - 5 - numbers.count,
      TextStyle(
        isUnderCursor
          ? theme.accent : isSelected ? theme.selectedText : isFaint ? theme.faint : theme.text,
        on: background, isUnderCursor ? .bold : []))
    grid.write(
      numbers, x: rect.maxX - numbers.count - 1, y: rect.y, width: numbers.count,
      TextStyle(
        isSelected ? theme.selectedText : isFaint ? theme.faint : theme.text, on: background))
  }

  private static func percent(_ share: Double, width: Int) -> String {
    let text = share == 0 ? "·" : (100 * share).formatted(decimals: share < 0.0995 ? 1 : 0)
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private static func integer(_ value: Double?, width: Int) -> String {
    let text = value.map { $0.formatted(decimals: 0) } ?? "–"
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
