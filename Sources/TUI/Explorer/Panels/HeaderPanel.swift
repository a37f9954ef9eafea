import Viz

/// The top line: where we are, which stages there are, how long they took, how good the answer is.
enum HeaderPanel {
  static func draw(_ state: ExplorerState, in rect: Rect, on grid: inout CellGrid) {
    let theme = state.theme
    grid.fill(rect, theme.bar)
    let place = state.gallery.position.map { " \($0 + 1)/\(state.gallery.listed.count)" } ?? " 0/0"
    let name = state.gallery.current?.name ?? "no images"
    let mark = state.gallery.marks.contains(name) ? "★ " : ""
    let title = " ▸ \(mark)\(name)"
    let facts = facts(state, room: rect.width - 6 - place.count - title.count)
    let room = rect.width - facts.count
    var x = grid.write(
      " hfgd", x: 0, y: rect.y, width: room, TextStyle(theme.accent, on: theme.bar, .bold))
    x = grid.write(place, x: x, y: rect.y, width: room - x, TextStyle(theme.faint, on: theme.bar))
    grid.write(title, x: x, y: rect.y, width: room - x, TextStyle(theme.text, on: theme.bar))
    grid.write(
      facts, x: rect.maxX - facts.count, y: rect.y, width: facts.count,
      TextStyle(theme.text, on: theme.bar))
  }

  /// "OS 32▸4  61 ms  mIoU 66.9 ", as much of it as there is room for beside the name; the meter stays, if it is on.
  private static func facts(_ state: ExplorerState, room: Int) -> String {
    var parts = parts(state)
    func text() -> String { parts.isEmpty ? "" : " \(parts.map(\.text).joined(separator: "  ")) " }
    for weight in 0..<3 where text().count > room {
      parts.removeAll { $0.weight == weight }
    }
    return text()
  }

  /// Facts in their order on the line; those of less weight make room first.
  private static func parts(_ state: ExplorerState) -> [(text: String, weight: Int)] {
    var parts: [(text: String, weight: Int)] = []
    if state.isMeterOn { parts.append((meter(state), 3)) }
    if let evaluation = state.evaluation {
      parts.append(("evaluating \(evaluation.done)/\(evaluation.total)", 2))
    }
    if let walk = state.walk, let blobs = walk.blobs, let blob = walk.blob {
      parts.append(("blob \(walk.place + 1) of \(blobs.count), \(blob.pixels) px", 3))
    }
    parts += state.alteration.words.map { ($0, 3) }
    if let words = state.reinferenceWords { parts.append((words, 3)) }
    let slot = state.actingSlot
    guard let answer = state.answer(of: slot) else { return parts }
    let there = state.shown.answers[slot].keys.sorted(by: >).map(String.init).joined(separator: "▸")
    parts.append((answer.outputStride == 0 ? "file" : "OS \(there)", 1))
    if let pinned = state.pinnedStride { parts.append(("held \(pinned)", 1)) }
    if answer.milliseconds > 0 {
      parts.append(("\(answer.milliseconds.formatted(decimals: 0)) ms", 0))
    }
    if let counts = answer.counts {
      parts.append(("mIoU \((100 * counts.meanIoU).formatted(decimals: 1))", 2))
    }
    return parts
  }

  /// "⇅ 13.1 kB  840 kB/s  24 ms": the last frame, the line's speed, its delay.
  private static func meter(_ state: ExplorerState) -> String {
    let traffic = state.traffic
    var parts = [Double(traffic.lastFrameBytes).inBytes]
    if let speed = traffic.bytesPerSecond { parts.append("\(speed.inBytes)/s") }
    if let roundTrip = traffic.roundTrip {
      let milliseconds = roundTrip / .milliseconds(1)
      parts.append("\(milliseconds.formatted(decimals: milliseconds < 10 ? 1 : 0)) ms away")
    }
    if state.colourBits < 8 { parts.append("colours rounded to \(state.colourBits) bits") }
    return "⇅ " + parts.joined(separator: "  ")
  }
}

extension Double {
  /// A number of bytes with three digits: "312 B", "13.1 kB", "2.40 MB".
  fileprivate var inBytes: String {
    let units = ["B", "kB", "MB", "GB"]
    var (value, unit) = (self, 0)
    while value >= 999.5, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
    let decimals = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
    return "\(value.formatted(decimals: decimals)) \(units[unit])"
  }
}
