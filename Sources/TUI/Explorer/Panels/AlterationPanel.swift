import Core
import Viz

/// The small panels in the corner of the picture: what corrupts it, what the models run without.
enum AlterationPanel {
  /// Kinds of corruption, the chosen one with its severity.
  static func drawCorruption(
    _ state: ExplorerState, _ selection: Int, in area: Rect, on grid: inout CellGrid
  ) {
    let corruption = state.alteration.corruption
    let lines = Corruption.Kind.allCases.map { kind in
      let severity = corruption?.kind == kind ? corruption?.severity ?? 0 : 0
      let dots =
        String(repeating: "●", count: severity)
        + String(repeating: "○", count: Corruption.severities.upperBound - severity)
      return (name: kind.rawValue, mark: severity > 0 ? "\(dots) \(severity)" : dots + "  ")
    }
    draw(
      "corruption", lines, selection, note: "←→ severity, Enter keeps, Esc off", state, in: area,
      on: &grid)
  }

  /// Parts of the models, each with whether it runs.
  static func drawParts(
    _ state: ExplorerState, _ selection: Int, in area: Rect, on grid: inout CellGrid
  ) {
    let words = [
      "axial": "axial attention", "p2": "branch p2, stride 4", "p3": "branch p3, stride 8",
      "p4": "branch p4, stride 16", "p5": "branch p5, stride 32",
    ]
    let lines = state.removableParts.map { name, part in
      (name: words[name] ?? name, mark: state.alteration.ablation.contains(part) ? "out" : "on ")
    }
    draw(
      "parts · not retrained", lines, selection, note: "Space switches, Enter keeps, Esc all on",
      state, in: area, on: &grid)
  }

  private static func draw(
    _ title: String, _ lines: [(name: String, mark: String)], _ selection: Int, note: String,
    _ state: ExplorerState, in area: Rect, on grid: inout CellGrid
  ) {
    let theme = state.theme
    let width = min(area.width, note.count + 4)
    let height = min(area.height, lines.count + 3)
    let rect = Rect(
      x: area.maxX - width, y: area.maxY - height, width: width, height: height)
    grid.fill(rect, theme.bar)
    grid.frame(
      rect, title: title, TextStyle(theme.frame, on: theme.bar),
      titleStyle: TextStyle(theme.accent, on: theme.bar, .bold))
    let inner = rect.inset(1)
    let rows = max(0, inner.height - 1)
    let first = max(0, min(selection - rows / 2, lines.count - rows))
    for (i, line) in lines.enumerated().dropFirst(first).prefix(rows) {
      let isSelected = i == selection
      let background = isSelected ? theme.selection : theme.bar
      let style = TextStyle(isSelected ? theme.selectedText : theme.text, on: background)
      let row = Rect(x: inner.x, y: inner.y + i - first, width: inner.width, height: 1)
      grid.fill(row, background)
      grid.write(
        (isSelected ? "▸" : " ") + line.name, x: row.x, y: row.y, width: row.width, style)
      grid.write(
        line.mark, x: row.maxX - line.mark.count - 1, y: row.y, width: line.mark.count,
        TextStyle(theme.accent, on: background))
    }
    grid.write(
      " \(note)", x: inner.x, y: inner.maxY - 1, width: inner.width,
      TextStyle(theme.faint, on: theme.bar))
  }
}
