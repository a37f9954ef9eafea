import Viz

/// The confusion matrix in place of the pictures.
enum ConfusionPanel {
  static func draw(_ state: ExplorerState, in rect: Rect, on grid: inout CellGrid) {
    guard let selected = state.confusion, !rect.isEmpty else { return }
    let theme = state.theme
    let images = state.seen[state.actingSlot].images.count
    let model =
      (state.slots.count > 1 ? ["A ", "B "][state.actingSlot] : "")
      + state.slots[state.actingSlot].name
    let whole =
      " \(model) · truth ↓ taken for → · \(images) of \(state.gallery.entries.count) images"
    grid.write(
      whole, x: rect.x, y: rect.y - 1, width: rect.width, TextStyle(theme.accent, on: nil, .bold))
    let chart = state.confusionChart
    let layout = layout(state, chart, in: rect)
    let cells = chart.cells(
      layout, selected: selected, accent: theme.accent, isLight: theme == .light)
    let origin = origin(of: layout, in: rect)
    grid.draw(cells, x: origin.x, y: origin.y, clippedTo: rect)
  }

  /// The pair of classes under a cell of the screen.
  static func pair(_ state: ExplorerState, column: Int, row: Int, in rect: Rect) -> Confusion? {
    let layout = layout(state, state.confusionChart, in: rect)
    let origin = origin(of: layout, in: rect)
    return layout.place(x: column - origin.x, y: row - origin.y)
  }

  private static func layout(_ state: ExplorerState, _ chart: ConfusionChart, in rect: Rect)
    -> MatrixLayout
  {
    chart.layout(columns: rect.width, rows: rect.height, around: state.confusion)
  }

  private static func origin(of layout: MatrixLayout, in rect: Rect) -> (x: Int, y: Int) {
    (rect.x + max(0, rect.width - layout.size.width) / 2, rect.y)
  }
}
