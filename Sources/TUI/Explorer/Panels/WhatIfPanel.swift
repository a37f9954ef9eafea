import Core
import Viz

/// The classes as sliders: bias, and IoU before and after on the open image; below them what is changed besides.
enum WhatIfPanel {
  static func draw(_ state: ExplorerState, in rect: Rect, on grid: inout CellGrid) {
    guard !rect.isEmpty else { return }
    let theme = state.theme
    let hasFocus = state.focus == .classes
    for y in rect.y..<rect.maxY {
      grid.write("│", x: rect.x, y: y, width: 1, TextStyle(theme.frame))
    }
    let inner = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 1, height: rect.height)
    let slot = state.slots.count > 1 ? " · \(["A", "B"][state.actingSlot])" : ""
    grid.write(
      " what if\(slot)", x: inner.x, y: inner.y, width: inner.width,
      TextStyle(hasFocus ? theme.accent : theme.faint, on: nil, hasFocus ? .bold : []))
    let heading = "bias     IoU"
    grid.write(
      heading, x: inner.maxX - heading.count - 1, y: inner.y, width: heading.count,
      TextStyle(theme.faint))
    let order = state.classOrder
    let first = firstVisible(state, order, in: rect)
    for (line, k) in order.dropFirst(first).prefix(lines(in: rect)).enumerated() {
      draw(
        k, state, isSelected: k == state.classPanel.selected && hasFocus,
        in: Rect(x: inner.x, y: inner.y + 1 + line, width: inner.width, height: 1), on: &grid)
    }
    for (line, text) in notes(state).enumerated() where rect.height > Self.footer + 3 {
      grid.write(
        " " + text, x: inner.x, y: inner.maxY - Self.footer + line, width: inner.width,
        TextStyle(line == 0 ? theme.text : theme.faint, on: nil, line == 0 ? .bold : []))
    }
  }

  /// Lines below the classes, where there is room for them.
  private static let footer = 4

  /// How many classes there is room for.
  private static func lines(in rect: Rect) -> Int {
    max(0, rect.height - 1 - (rect.height > footer + 3 ? footer + 1 : 0))
  }

  private static func firstVisible(_ state: ExplorerState, _ order: [Int], in rect: Rect) -> Int {
    let selected = order.firstIndex(of: state.classPanel.selected) ?? 0
    return max(0, min(selected - lines(in: rect) / 2, order.count - lines(in: rect)))
  }

  /// The class in a row of the screen.
  static func classIndex(_ state: ExplorerState, row: Int, in rect: Rect) -> Int? {
    let order = state.classOrder
    let line = row - rect.y - 1
    let place = firstVisible(state, order, in: rect) + line
    return 0..<lines(in: rect) ~= line && order.indices.contains(place) ? order[place] : nil
  }

  /// A line such as "▸■ Pole     ──┼●─ +0.5  41→45".
  private static func draw(
    _ k: Int, _ state: ExplorerState, isSelected: Bool, in rect: Rect, on grid: inout CellGrid
  ) {
    let theme = state.theme
    let edit = state.edit
    let background = isSelected ? theme.selection : nil
    grid.fill(rect, background)
    let text = isSelected ? theme.selectedText : theme.text
    let isMasked = edit.masked.contains(k)
    let standing = edit.groups.representatives[k]
    if isSelected {
      grid.write("▸", x: rect.x, y: rect.y, width: 1, TextStyle(theme.accent, on: background))
    }
    grid.write(
      isMasked ? "□" : "■", x: rect.x + 1, y: rect.y, width: 1,
      TextStyle(state.classes.palette[standing], on: background))
    let iou = state.editedIoU(k)
    let numbers = standing == k ? change(iou) : "= \(state.classes.names[standing])".cut(to: 6)
    let slider = isMasked ? "masked    " : Self.slider(edit.bias[k])
    let tail = slider + padded(numbers, to: 7) + " "
    let name =
      standing == k ? edit.groups.name(of: k, state.classes.names) : state.classes.names[k]
    let isWaiting = state.whatIf.partner == k
    grid.write(
      name, x: rect.x + 3, y: rect.y, width: rect.width - 4 - tail.count,
      TextStyle(
        isWaiting ? theme.accent : isMasked || standing != k ? theme.faint : text,
        on: background, isWaiting ? .bold : []))
    grid.write(
      tail, x: rect.maxX - tail.count, y: rect.y, width: tail.count,
      TextStyle(isMasked ? theme.faint : text, on: background))
  }

  /// A line with its middle at 0, and the number: "──┼●─ +0.5".
  private static func slider(_ bias: Float) -> String {
    var line = Array("──┼──")
    // The inner places stand for small biases, the outer ones for those past 1.
    let reach = abs(bias) > 1 ? 2 : 1
    if bias != 0 { line[bias > 0 ? 2 + reach : 2 - reach] = "●" }
    let number = bias == 0 ? "" : (bias > 0 ? "+" : "") + Double(bias).formatted(decimals: 1)
    return String(line) + padded(number, to: 5)
  }

  /// "41→45"; one number where nothing changes, "…" for what is being made.
  private static func change(_ iou: (before: Double?, after: Double?)) -> String {
    guard let before = iou.before?.formatted(decimals: 0) else { return "–" }
    let after = iou.after?.formatted(decimals: 0) ?? "…"
    return before == after ? before : "\(before)→\(after)"
  }

  private static func padded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// The mean, and what is changed beside biases.
  private static func notes(_ state: ExplorerState) -> [String] {
    let edit = state.edit
    let temperature = Double(edit.temperature)
    let summed = state.summedIoU?.formatted(decimals: 1) ?? "…"
    return [
      state.editedMean,
      "temperature \(temperature.formatted(decimals: temperature < 10 ? 2 : 1))",
      edit.isSwapped ? "tokens of \(["B", "A"][state.actingSlot])" : "its own tokens",
      edit.groups.isTrivial
        ? "" : "by sums \(summed), shown: \(state.whatIf.isSummed ? "sums" : "labels")",
    ]
  }
}

extension ExplorerState {
  /// "mIoU 62.2 → 63.1" on the open image.
  var editedMean: String {
    let mean = editedIoU(nil)
    guard let before = mean.before?.formatted(decimals: 1) else { return "no labels" }
    return "mIoU \(before) → \(mean.after?.formatted(decimals: 1) ?? "…")"
  }

  /// What the panel tells of the selected class in one line, for screens without room for it.
  var whatIfWords: String {
    let k = classPanel.selected
    let bias = (edit.bias[k] > 0 ? "+" : "") + Double(edit.bias[k]).formatted(decimals: 1)
    let iou = editedIoU(k)
    let change = [iou.before, iou.after].map { $0?.formatted(decimals: 1) ?? "–" }
    return "\(editedMean) · \(classes.names[k]) \(edit.masked.contains(k) ? "masked" : bias): "
      + change.joined(separator: "→")
  }
}
