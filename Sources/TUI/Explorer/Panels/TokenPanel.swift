import Viz

/// The token bench in place of the pictures: one chart or two, and the scale of their colours.
enum TokenPanel {
  static func draw(_ state: ExplorerState, in rect: Rect, on grid: inout CellGrid) {
    guard !rect.isEmpty else { return }
    let theme = state.theme
    let parts = state.benchParts
    for (part, area) in zip(parts, areas(parts.count, in: rect)) {
      let title = part.titles.first { $0.count < area.width } ?? part.titles[part.titles.count - 1]
      grid.write(
        " " + title, x: area.x, y: area.y - 1, width: area.width,
        TextStyle(theme.accent, on: nil, .bold))
      guard let chart = part.chart else {
        grid.write(
          " " + part.reason, x: area.x, y: area.y, width: area.width, TextStyle(theme.faint))
        continue
      }
      let layout = layout(state, chart, in: area)
      let cells = chart.cells(
        layout, selected: place(of: state.bench.pair, in: chart), accent: theme.accent,
        isLight: theme == .light)
      let origin = origin(of: layout, in: area)
      grid.draw(cells, x: origin.x, y: origin.y, clippedTo: area)
    }
    if let chart = parts.lazy.compactMap(\.chart).first, hasScale(rect) {
      drawScale(chart, state, in: rect, on: &grid)
    }
  }

  private static func drawScale(
    _ chart: TokenChart, _ state: ExplorerState, in rect: Rect, on grid: inout CellGrid
  ) {
    let theme = state.theme
    let note =
      rect.width < 60 ? state.bench.measure.name : state.bench.measure.name + ", in hundredths"
    let scale = chart.scale(isLight: theme == .light)
      .cells(columns: min(48, max(16, rect.width - note.count - 5)), text: theme.faint)
    grid.draw(scale, x: rect.x + 1, y: rect.maxY - 1, clippedTo: rect)
    let x = rect.x + scale.width + 3
    grid.write(note, x: x, y: rect.maxY - 1, width: rect.maxX - x, TextStyle(theme.text))
  }

  /// The size of a square as it is drawn; `nil` while there is none.
  static func square(_ state: ExplorerState) -> MatrixSquare? {
    let parts = state.benchParts
    let areas = areas(parts.count, in: Layout(state).panes[0])
    return zip(parts, areas).lazy.compactMap { part, area in
      part.chart.map { layout(state, $0, in: area).square }
    }.first
  }

  /// The pair of classes under a cell of the screen, and the slot whose chart it is in.
  static func pair(_ state: ExplorerState, column: Int, row: Int, in rect: Rect) -> (
    Confusion, slot: Int
  )? {
    let parts = state.benchParts
    for (part, area) in zip(parts, areas(parts.count, in: rect)) {
      guard let chart = part.chart, area.contains(column: column, row: row) else { continue }
      let layout = layout(state, chart, in: area)
      let origin = origin(of: layout, in: area)
      guard let place = layout.place(x: column - origin.x, y: row - origin.y) else { continue }
      return (
        Confusion(truth: chart.order[place.row], prediction: chart.order[place.column]), part.slot
      )
    }
    return nil
  }

  /// Where so many charts stand, side by side above the scale.
  private static func areas(_ count: Int, in rect: Rect) -> [Rect] {
    let area = rect.splitTop(rect.height - (hasScale(rect) ? 1 : 0)).0
    guard count > 1 else { return [area] }
    let (left, right) = area.splitLeft((area.width - 1) / 2)
    return [left, right.splitLeft(1).1.splitLeft(left.width).0]
  }

  private static func hasScale(_ rect: Rect) -> Bool { rect.height >= 6 }

  private static func place(of pair: Confusion, in chart: TokenChart) -> MatrixPlace? {
    guard let row = chart.order.firstIndex(of: pair.truth),
      let column = chart.order.firstIndex(of: pair.prediction)
    else { return nil }
    return MatrixPlace(row: row, column: column)
  }

  private static func layout(_ state: ExplorerState, _ chart: TokenChart, in rect: Rect)
    -> MatrixLayout
  {
    chart.layout(
      columns: rect.width, rows: rect.height, around: place(of: state.bench.pair, in: chart),
      zoom: state.bench.zoom)
  }

  private static func origin(of layout: MatrixLayout, in rect: Rect) -> (x: Int, y: Int) {
    (rect.x + max(0, rect.width - layout.size.width) / 2, rect.y)
  }
}
