import Core
import Viz

/// The scatter of features in place of the pictures: a chart for each model, or how far it is.
enum ScatterPanel {
  static func draw(_ state: ExplorerState, in rect: Rect, on grid: inout CellGrid) {
    guard state.scatter.isOpen, !rect.isEmpty else { return }
    let theme = state.theme
    func title(_ text: String) {
      grid.write(
        " \(text)", x: rect.x, y: rect.y - 1, width: rect.width,
        TextStyle(theme.accent, on: nil, .bold))
    }
    guard let result = state.scatter.result else {
      title("features of the images seen")
      waiting(state, in: rect, on: &grid)
      return
    }
    let points = result.counts.reduce(0, +)
    title(
      "\(result.method.name) of the features of \(points.counted("pixel")) from \(result.images.counted("image"))"
    )
    // The classes panel is the legend; where there is none, the names stand below.
    let hasNames = Layout(state).classes.isEmpty
    let letters =
      state.features.depth == .none
      ? classLetters(result.classes.map { state.classes.names[$0] })
      : nil
    let charts = result.layouts.map { slot, layout in
      (slot, layout, result.chart(layout, state.classes, isShown: state.classPanel.isShown))
    }
    let names = charts.first.map { $0.2.names(columns: rect.width - 2, letters: letters) }
    let namesHeight = hasNames ? min(names?.height ?? 0, rect.height / 3) : 0
    let area = rect.splitTop(rect.height - namesHeight).0
    if hasNames, let names {
      grid.draw(names.suited(to: state), x: rect.x + 1, y: area.maxY, clippedTo: rect)
    }
    let width = (area.width - charts.count + 1) / max(1, charts.count)
    for (place, (slot, layout, chart)) in charts.enumerated() {
      let box = Rect(
        x: area.x + place * (width + 1), y: area.y, width: width, height: area.height)
      let (caption, below) = box.splitTop(1)
      let letter = state.slots.count > 1 ? ["A ", "B "][slot] : ""
      let model = letter + state.slots[slot].name
      let forms = ["\(model) · \(layout.agreementWords)", letter + layout.agreementWords]
      let text = forms.first { $0.count < caption.width } ?? model
      grid.write(
        " \(text)", x: caption.x, y: caption.y, width: caption.width, TextStyle(theme.faint))
      let cells = chart.cells(columns: below.width, rows: below.height, letters: letters)
      grid.draw(cells.suited(to: state), x: below.x, y: below.y, clippedTo: below)
      if place > 0 {
        for y in box.y..<box.maxY {
          grid.write("│", x: box.x - 1, y: y, width: 1, TextStyle(theme.frame))
        }
      }
    }
  }

  private static func waiting(_ state: ExplorerState, in rect: Rect, on grid: inout CellGrid) {
    let theme = state.theme
    let text: String
    if let progress = state.scatter.progress {
      let bar = min(40, rect.width - 4)
      let filled = Int(progress.share * Double(bar) + 0.5)
      let place = rect.centred(width: bar, height: 3)
      grid.write(
        String(repeating: "━", count: filled), x: place.x, y: place.y + 1, width: bar,
        TextStyle(theme.accent))
      grid.write(
        String(repeating: "─", count: bar - filled), x: place.x + filled, y: place.y + 1,
        width: bar - filled, TextStyle(theme.frame))
      text = "\(progress.what) · Esc gives up"
    } else {
      text = state.scatter.failure ?? "given up"
    }
    let place = rect.centred(width: min(text.count, rect.width), height: 3)
    grid.write(text, x: place.x, y: place.y, width: place.width, TextStyle(theme.text))
  }
}
