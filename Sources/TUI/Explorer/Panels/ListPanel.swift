import Viz

/// The list of images: mark, name, and what is known of the sort's key.
enum ListPanel {
  /// Lines of a row: the name, or a picture of three lines and a gap.
  static func rowHeight(_ state: ExplorerState) -> Int { state.isListIllustrated ? 4 : 1 }
  /// Columns of a row's picture: 4:3 in cells twice as high as wide.
  private static let pictureColumns = 8

  /// The places of the list that are in view: the open image is, in the middle where there are more than fit.
  static func visiblePlaces(_ state: ExplorerState, in rect: Rect) -> Range<Int> {
    let count = state.gallery.listed.count
    // The gap below the last picture need not be seen.
    let rows = max(0, (rect.height - 1 + rowHeight(state) / 4) / rowHeight(state))
    let first = max(0, min((state.gallery.position ?? 0) - rows / 2, count - rows))
    return first..<min(count, first + rows)
  }

  static func draw(_ state: ExplorerState, in rect: Rect, on grid: inout CellGrid) {
    guard !rect.isEmpty else { return }
    let theme = state.theme
    let hasFocus = state.focus == .list
    let whole = state.walk.map { state.confusionName($0.confusion) } ?? "images"
    let title = state.gallery.filter.isEmpty ? whole : "/\(state.gallery.filter)"
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
    let height = rowHeight(state)
    for (i, place) in visiblePlaces(state, in: rect).enumerated() {
      let box = Rect(
        x: rect.x, y: rect.y + 1 + i * height, width: rect.width - 1, height: max(1, height - 1))
      let entry = state.gallery.listed[place]
      if state.isListIllustrated {
        illustrated(state, entry, in: box, on: &grid)
      } else {
        row(state, entry, in: box, on: &grid)
      }
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

  /// A row with its picture at the left; beside it the name, on two lines where it is long, and the fact.
  private static func illustrated(
    _ state: ExplorerState, _ index: Int, in rect: Rect, on grid: inout CellGrid
  ) {
    let theme = state.theme
    let isOpen = index == state.gallery.selected
    let background = isOpen ? theme.selection : nil
    grid.fill(rect, background)
    let box = Rect(x: rect.x + 1, y: rect.y, width: pictureColumns, height: rect.height)
    if let picture = state.thumbnails[index] {
      let placement = Viewport().placement(
        width: picture.width, height: picture.height, columns: box.width, rows: box.height)
      grid.draw(
        picture.cells(placement, state.glyphs).suited(to: state),
        x: box.x + (box.width - placement.columns) / 2,
        y: box.y + (box.height - placement.rows) / 2, clippedTo: box)
    } else {
      grid.write(
        state.failedThumbnails.contains(index) ? "✗" : "…", x: box.x + box.width / 2, y: box.y + 1,
        width: 1, TextStyle(theme.faint, on: background))
    }
    let entry = state.gallery.entries[index]
    let mark = state.gallery.marks.contains(entry.name) ? "★" : isOpen ? "▸" : " "
    grid.write(mark, x: rect.x, y: rect.y, width: 1, TextStyle(theme.accent, on: background))
    let x = box.maxX + 1
    let room = rect.maxX - x - 1
    let style = TextStyle(
      isOpen ? theme.selectedText : theme.text, on: background, isOpen ? .bold : [])
    let rest = String(entry.name.dropFirst(room))
    grid.write(String(entry.name.prefix(room)), x: x, y: rect.y, width: room, style)
    grid.write(rest, x: x, y: rect.y + 1, width: room, style)
    grid.write(
      fact(state, index), x: x, y: rect.y + (rest.isEmpty ? 1 : 2), width: room,
      TextStyle(isOpen ? theme.selectedText : theme.faint, on: background))
  }

  private static func fact(_ state: ExplorerState, _ index: Int) -> String {
    if let walk = state.walk {
      return state.seen[walk.slot].images[index].map { "\($0.pixels(of: walk.confusion))" } ?? ""
    }
    guard let facts = state.gallery.facts[index] else { return "" }
    switch state.gallery.sort {
    case .name, .meanIoU:
      return facts.meanIoU.first.flatMap { $0 }.map { $0.formatted(decimals: 1) } ?? ""
    case .delta:
      return facts.delta.map { ($0 < 0 ? "" : "+") + $0.formatted(decimals: 1) } ?? ""
    case .entropy: return facts.meanEntropy.map { $0.formatted(decimals: 3) } ?? ""
    case .number(let name):
      return state.gallery.number(name, of: index).map { $0.formatted(decimals: 1) } ?? ""
    case .area(let k):
      return facts.areas.indices.contains(k)
        ? "\((100 * Double(facts.areas[k])).formatted(decimals: 1)) %" : ""
    }
  }
}
