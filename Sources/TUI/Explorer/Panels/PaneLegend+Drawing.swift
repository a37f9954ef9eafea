import Core
import Viz

extension PaneLegend {
  func draw(_ theme: Theme, in rect: Rect, on grid: inout CellGrid) {
    guard !rect.isEmpty else { return }
    switch self {
    case .swatches(let swatches): draw(swatches, theme, in: rect, on: &grid)
    case .scale(let map, let range, let slider, let note):
      draw(map, range, slider, note, theme, in: rect, on: &grid)
    case .nothing(let why):
      grid.write(" \(why)", x: rect.x, y: rect.y, width: rect.width, TextStyle(theme.faint))
    }
  }

  /// The longest words that fit; the shortest ones stand close where even they do not.
  private func draw(_ swatches: [Swatch], _ theme: Theme, in rect: Rect, on grid: inout CellGrid) {
    func texts(_ level: Int) -> [String] {
      swatches.map { $0.forms[min(level, $0.forms.count - 1)] }
    }
    let levels = swatches.map(\.forms.count).max() ?? 1
    func width(_ level: Int) -> Int {
      zip(swatches, texts(level)).reduce(-1) { $0 + ($1.0.colour == nil ? 2 : 4) + $1.1.count }
    }
    let fitting = (0..<levels).first { width($0) <= rect.width }
    let level = fitting ?? levels - 1
    let (square, gap) = fitting == nil ? ("■", 1) : ("■ ", 2)
    var x = rect.x + 1
    for (swatch, text) in zip(swatches, texts(level)) {
      if let colour = swatch.colour {
        x = grid.write(square, x: x, y: rect.y, width: rect.maxX - x, TextStyle(colour))
      }
      x = grid.write(text, x: x, y: rect.y, width: rect.maxX - x, TextStyle(theme.text)) + gap
    }
  }

  // MARK: - The scale

  /// Where the scale's colours stand in the legend's line, and the note that has room beside them.
  private static func place(_ range: ValueRange, _ note: [String], in rect: Rect)
    -> (bar: Rect, note: String)
  {
    // " 0 ", the bar, " 1", and two blanks before the note.
    let ends = range.ends
    let room = rect.width - ends.low.count - ends.high.count - 3
    let fitting = note.first { room - $0.count - 2 >= leastBar }
    let bar = min(widestBar, room - (fitting.map { $0.count + 2 } ?? 0))
    return (
      Rect(x: rect.x + ends.low.count + 2, y: rect.y, width: max(0, bar), height: 1), fitting ?? ""
    )
  }

  private static let leastBar = 14, widestBar = 50

  /// Where the slider can be dragged; `nil` without one.
  func sliderBar(in rect: Rect) -> Rect? {
    guard case .scale(_, let range, .some, let note) = self, !rect.isEmpty else { return nil }
    let bar = Self.place(range, note, in: rect).bar
    return bar.isEmpty ? nil : bar
  }

  /// The threshold at a column of the bar, in steps of a hundredth.
  static func threshold(column: Int, in bar: Rect) -> Double {
    let share = Double(column - bar.x) / Double(max(1, bar.width - 1))
    return min(max((100 * share).rounded() / 100, 0), 1)
  }

  private func draw(
    _ map: ColourMap, _ range: ValueRange, _ slider: Slider?, _ note: [String], _ theme: Theme,
    in rect: Rect, on grid: inout CellGrid
  ) {
    let (bar, note) = Self.place(range, note, in: rect)
    let ends = range.ends
    guard !bar.isEmpty else { return }
    let last = max(1, bar.width - 1)
    let handle = slider.map { bar.x + Int(($0.threshold * Double(last)).rounded()) }
    grid.write(" " + ends.low, x: rect.x, y: rect.y, width: rect.width, TextStyle(theme.faint))
    for x in bar.x..<min(bar.maxX, grid.width) {
      let colour = map(Float(x - bar.x) / Float(last))
      if let slider, let handle, x <= handle {
        // What is below the threshold is drawn in the mark's colour, so the scale ends there in the picture.
        grid[x, rect.y] =
          x == handle
          ? Cell("┃", foreground: theme.text, style: .bold)
          : Cell("▀", foreground: colour, background: slider.mark)
      } else {
        grid[x, rect.y] = Cell(background: colour)
      }
    }
    let end = grid.write(
      " " + ends.high, x: bar.maxX, y: rect.y, width: max(0, rect.maxX - bar.maxX),
      TextStyle(theme.faint))
    grid.write(
      note, x: end + 2, y: rect.y, width: max(0, rect.maxX - end - 2), TextStyle(theme.text))
  }
}

extension ValueRange {
  /// What stands beside the scale: "0" and "1", "−0.2" and "0.9", "0" and "≥1.4", "0" and "0.086".
  fileprivate var ends: (low: String, high: String) {
    func text(_ value: Float) -> String {
      if let whole = Int(exactly: value) { return "\(whole)" }
      let tenths = 10 * value
      return Double(value).formatted(decimals: abs(tenths - tenths.rounded()) < 1e-3 ? 1 : 3)
    }
    return (
      text(low).replacing("-", with: "−"),
      (isCutAbove ? "≥" : "") + text(high).replacing("-", with: "−")
    )
  }
}
