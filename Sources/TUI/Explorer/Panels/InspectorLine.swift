import Viz

/// Below the pictures: what is known of the pixel under the cursor, a line for each model where there is room.
enum InspectorLine {
  static func draw(_ state: ExplorerState, in rect: Rect, on grid: inout CellGrid) {
    guard !rect.isEmpty else { return }
    let theme = state.theme
    if let words = state.bench.isOpen
      ? state.benchWords
      : state.scatter.isOpen
        ? "same-class neighbours: of the 14 nearest in the features' own space, mean of the classes"
        : state.confusion.map({ state.confusionWords($0) })
    {
      grid.write(
        " " + words, x: rect.x, y: rect.y, width: rect.width,
        TextStyle(theme.text))
      return
    }
    if state.mode == .whatIf && Layout(state).classes.isEmpty {
      grid.write(
        " " + state.whatIfWords, x: rect.x, y: rect.y, width: rect.width, TextStyle(theme.text))
      return
    }
    guard let readOut = state.readOut else {
      let hint =
        state.shown.picture == nil
        ? "" : (rect.width < 52 ? "Enter" : "Enter, then arrows or the mouse") + ": inspect a pixel"
      grid.write(" \(hint)", x: rect.x, y: rect.y, width: rect.width, TextStyle(theme.faint))
      return
    }
    var line = Line(x: rect.x, y: rect.y, maxX: rect.maxX)
    line.put(" (\(readOut.x),\(readOut.y))", TextStyle(theme.text), on: &grid)
    if let truth = readOut.truth {
      line.put("  truth ", TextStyle(theme.faint), on: &grid)
      line.put(truth, TextStyle(theme.text, on: nil, .bold), on: &grid)
    }
    let margin = line.x
    for (i, opinion) in readOut.opinions.enumerated() {
      if i > 0 && rect.height > 1 { line = Line(x: margin, y: rect.y + i, maxX: rect.maxX) }
      guard line.y < rect.maxY else { return }
      draw(opinion, state, on: &line, &grid)
    }
  }

  /// Where the next piece of text goes.
  private struct Line {
    var x: Int
    let y, maxX: Int

    mutating func put(_ text: String, _ style: TextStyle, on grid: inout CellGrid) {
      x = grid.write(text, x: x, y: y, width: maxX - x, style)
    }
  }

  /// "A ▇Pole .62 ▂Tree .21 ▁Sky .09 · teacher Building .40 · entropy .48".
  private static func draw(
    _ opinion: ReadOut.Opinion, _ state: ExplorerState, on line: inout Line, _ grid: inout CellGrid
  ) {
    let theme = state.theme
    line.put("  \(opinion.slot) ", TextStyle(theme.accent, on: nil, .bold), on: &grid)
    for (i, entry) in opinion.ranking.enumerated() {
      let palette = state.classes.palette
      let colour =
        palette.indices.contains(entry.classIndex) ? palette[entry.classIndex] : theme.faint
      line.put(i == 0 ? "" : " ", TextStyle(), on: &grid)
      line.put(bar(entry.probability), TextStyle(colour), on: &grid)
      line.put(
        entry.name + shortened(entry.probability), TextStyle(i == 0 ? theme.text : theme.faint),
        on: &grid)
    }
    if let teacher = opinion.teacher {
      line.put(
        " · teacher \(teacher.name)\(shortened(teacher.probability))", TextStyle(theme.faint),
        on: &grid)
    }
    if let lens = opinion.lens {
      line.put(" · \(lens.name)", TextStyle(theme.faint), on: &grid)
      line.put(shortened(lens.value), TextStyle(theme.accent), on: &grid)
    }
    if let entropy = opinion.entropy {
      line.put(" · entropy\(shortened(entropy))", TextStyle(theme.faint), on: &grid)
    }
    if let margin = opinion.margin {
      line.put(" · margin\(shortened(margin))", TextStyle(theme.faint), on: &grid)
    }
  }

  /// A block as high as the probability; the lowest where that is no number.
  private static func bar(_ share: Float) -> String {
    let blocks = Array("▁▂▃▄▅▆▇█")
    return String(blocks[share > 0 ? min(7, Int(min(share, 1) * 8)) : 0])
  }

  /// " .62", as the screen has little room; 1 is written out.
  private static func shortened(_ share: Float) -> String {
    let text = Double(share).formatted(decimals: 2)
    return " " + (text.hasPrefix("0") ? String(text.dropFirst()) : text)
  }
}
