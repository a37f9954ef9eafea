import Viz

/// The top line: where we are, which stages there are, how long they took, how good the answer is.
enum HeaderPanel {
  static func draw(_ state: ExplorerState, in rect: Rect, on grid: inout CellGrid) {
    let theme = state.theme
    grid.fill(rect, theme.bar)
    let place = state.gallery.position.map { " \($0 + 1)/\(state.gallery.listed.count)" } ?? " 0/0"
    let name = state.gallery.current?.name ?? "no images"
    let mark = state.gallery.marks.contains(name) ? "★ " : ""
    let facts = facts(state)
    let room = rect.width - facts.count - 1
    var x = grid.write(
      " hfgd", x: 0, y: rect.y, width: room, TextStyle(theme.accent, on: theme.bar, .bold))
    x = grid.write(place, x: x, y: rect.y, width: room - x, TextStyle(theme.faint, on: theme.bar))
    grid.write(
      " ▸ \(mark)\(name)", x: x, y: rect.y, width: room - x, TextStyle(theme.text, on: theme.bar))
    if room > 8 {
      grid.write(
        facts, x: rect.maxX - facts.count, y: rect.y, width: facts.count,
        TextStyle(theme.text, on: theme.bar))
    }
  }

  /// "OS 32▸4  61 ms  mIoU 66.9 ".
  private static func facts(_ state: ExplorerState) -> String {
    let slot = state.actingSlot
    guard let answer = state.answer(of: slot) else { return "" }
    let there = state.shown.answers[slot].keys.sorted(by: >).map(String.init).joined(separator: "▸")
    var parts = answer.outputStride == 0 ? ["file"] : ["OS \(there)"]
    if let pinned = state.pinnedStride { parts.append("held \(pinned)") }
    if answer.milliseconds > 0 { parts.append("\(answer.milliseconds.formatted(decimals: 0)) ms") }
    if let counts = answer.counts {
      parts.append("mIoU \((100 * counts.meanIoU).formatted(decimals: 1))")
    }
    return " " + parts.joined(separator: "  ") + " "
  }
}
