import Viz

/// The list of images: mark, name, and what is known of the sort's key.
enum ListPanel {
  /// The first line's place in the list: the open image stays in view, in the middle where there is more than fits.
  static func firstVisible(_ state: ExplorerState, in rect: Rect) -> Int {
    let lines = rect.height - 1
    let place = state.gallery.position ?? 0
    return max(0, min(place - lines / 2, state.gallery.listed.count - lines))
  }

  static func draw(_ state: ExplorerState, in rect: Rect, on grid: inout CellGrid) {
    guard !rect.isEmpty else { return }
    let theme = state.theme
    let hasFocus = state.focus == .list
    let title = state.gallery.filter.isEmpty ? "images" : "/\(state.gallery.filter)"
    let titleStyle = TextStyle(
      hasFocus ? theme.accent : theme.faint, on: nil, hasFocus ? .bold : [])
    grid.write(" \(title)", x: rect.x, y: rect.y, width: rect.width - 1, titleStyle)
    let sort = state.sortName
    if rect.width > title.count + sort.count + 4 {
      grid.write(
        sort, x: rect.maxX - sort.count - 2, y: rect.y, width: sort.count, TextStyle(theme.faint))
    }
    for y in rect.y..<rect.maxY {
      grid.write("│", x: rect.maxX - 1, y: y, width: 1, TextStyle(theme.frame))
    }
    let first = firstVisible(state, in: rect)
    for line in 0..<(rect.height - 1) where first + line < state.gallery.listed.count {
      row(
        state, state.gallery.listed[first + line],
        in: Rect(x: rect.x, y: rect.y + 1 + line, width: rect.width - 1, height: 1), on: &grid)
    }
    if state.gallery.listed.isEmpty {
      let text = state.gallery.entries.isEmpty ? "no images here" : "nothing matches"
      grid.write(
        " \(text)", x: rect.x, y: rect.y + 1, width: rect.width - 1, TextStyle(theme.faint))
    }
  }

  private static func row(
    _ state: ExplorerState, _ index: Int, in rect: Rect, on grid: inout CellGrid
  ) {
    let theme = state.theme
    let isOpen = index == state.gallery.selected
    let background = isOpen ? theme.selection : nil
    let style = TextStyle(
      isOpen ? theme.selectedText : theme.text, on: background, isOpen ? .bold : [])
    grid.fill(rect, background)
    let entry = state.gallery.entries[index]
    let fact = fact(state, index)
    let mark = state.gallery.marks.contains(entry.name) ? "★" : isOpen ? "▸" : " "
    grid.write(mark, x: rect.x, y: rect.y, width: 1, TextStyle(theme.accent, on: background))
    grid.write(
      entry.name, x: rect.x + 1, y: rect.y, width: rect.width - fact.count - 2, style)
    grid.write(
      fact, x: rect.maxX - fact.count - 1, y: rect.y, width: fact.count,
      TextStyle(isOpen ? theme.selectedText : theme.faint, on: background))
  }

  private static func fact(_ state: ExplorerState, _ index: Int) -> String {
    guard let facts = state.gallery.facts[index] else { return "" }
    switch state.gallery.sort {
    case .name, .meanIoU:
      return facts.meanIoU.first.flatMap { $0 }.map { $0.formatted(decimals: 1) } ?? ""
    case .entropy: return facts.meanEntropy.map { $0.formatted(decimals: 3) } ?? ""
    case .area(let k):
      return facts.areas.indices.contains(k)
        ? "\((100 * Double(facts.areas[k])).formatted(decimals: 1)) %" : ""
    }
  }
}
