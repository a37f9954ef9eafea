import Core
import Foundation
import Viz

/// A full screen of colours and glyphs that shows what a terminal makes of them, and the events that arrive.
struct TestCard {
  let features: TerminalFeatures
  /// Lines for the head: what was found out, and measurements.
  var notes: [String]
  /// The latest events, the last one last.
  private(set) var events: [String] = []

  init(features: TerminalFeatures, notes: [String]) {
    self.features = features
    self.notes = notes
  }

  /// Events that are kept, more than any screen shows.
  private static let capacity = 200

  /// Adds an event to those shown.
  mutating func note(_ event: TerminalEvent) {
    events.append(event.title)
    if events.count > Self.capacity { events.removeFirst() }
  }

  /// Where the ramps begin, behind their names.
  static let rampStart = 7
  /// The rows of the ramps, from the one below the head.
  static let ramps: [(name: String, colour: @Sendable (Double) -> RGB)] = [
    ("red", { RGB(level($0), 0, 0) }),
    ("green", { RGB(0, level($0), 0) }),
    ("blue", { RGB(0, 0, level($0)) }),
    ("grey", { RGB(level($0), level($0), level($0)) }),
    ("hues", { hue($0) }),
  ]

  /// The colours in column `x` of a ramp that is `columns` wide: each cell shows two neighbouring steps.
  static func rampColours(
    _ ramp: Int, x: Int, columns: Int
  ) -> (left: RGB, right: RGB) {
    let steps = Double(max(1, 2 * columns - 1))
    let colour = ramps[ramp].colour
    return (colour(Double(2 * x) / steps), colour(Double(2 * x + 1) / steps))
  }

  /// The card on a screen of that size.
  func grid(columns: Int, rows: Int) -> CellGrid {
    var grid = CellGrid(width: columns, height: rows)
    guard columns >= 20, rows >= 5 else {
      grid.put("too small", x: 0, y: 0)
      return grid
    }
    let title = " hfgd test card  \(columns)×\(rows) "
    grid.put(
      title + String(repeating: " ", count: columns), x: 0, y: 0, style: [.reversed, .bold])
    var y = 1
    for note in notes {
      grid.put(note, x: 1, y: y, style: .dim)
      y += 1
    }
    y += 1
    for ramp in Self.ramps.indices {
      putRamp(ramp, y: y, on: &grid)
      y += 1
    }
    y += 1
    for (name, sample) in samples {
      grid.put(name, x: 0, y: y, style: .dim)
      grid.put(sample, x: Self.rampStart, y: y)
      y += 1
    }
    putStyles(y: y, on: &grid)
    y += 2
    let room = rows - y - 1
    if room > 0 {
      for (line, event) in events.suffix(room).enumerated() { grid.put(event, x: 1, y: y + line) }
      if events.isEmpty {
        grid.put(
          "Press keys, move and click the mouse, paste: what arrives is shown here.", x: 1, y: y)
      }
    }
    let hints = " q quit   b measure speed   m mouse   c copy a text   Ctrl-z suspend "
    grid.put(
      hints + String(repeating: " ", count: columns), x: 0, y: rows - 1, style: .reversed)
    return grid
  }

  /// A screen on which no cell is as it was in another `frame`; what terminals find hardest.
  static func noise(columns: Int, rows: Int, frame: UInt64) -> CellGrid {
    var grid = CellGrid(width: columns, height: rows)
    var state = (frame &+ 1) &* 0x9E37_79B9_7F4A_7C15
    for y in 0..<rows {
      for x in 0..<columns {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let bits = state >> 16
        grid[x, y] = Cell(
          "▀", foreground: RGB(UInt8(bits & 255), UInt8(bits >> 8 & 255), UInt8(bits >> 16 & 255)),
          background: RGB(
            UInt8(bits >> 24 & 255), UInt8(bits >> 32 & 255), UInt8(bits >> 40 & 255)))
      }
    }
    return grid
  }

  private func putRamp(_ ramp: Int, y: Int, on grid: inout CellGrid) {
    grid.put(Self.ramps[ramp].name, x: 0, y: y, style: .dim)
    guard y < grid.height else { return }
    let columns = grid.width - Self.rampStart
    for x in 0..<columns {
      let (left, right) = Self.rampColours(ramp, x: x, columns: columns)
      grid[Self.rampStart + x, y] =
        features.glyphs.isEmpty
        ? Cell(" ", background: left) : Cell("▌", foreground: left, background: right)
    }
  }

  private var samples: [(String, String)] {
    let sextants = String(
      String.UnicodeScalarView((0x1FB00...0x1FB1F).compactMap(UnicodeScalar.init(_:))))
    return [
      ("blocks", "▀▄▌▐▖▗▘▙▚▛▜▝▞▟ ▁▂▃▄▅▆▇█ ▏▎▍▌▋▊▉█ ░▒▓"),
      ("six", features.glyphs.contains(.sextants) ? sextants : "not here"),
      ("lines", "┌─┬┐ ╭─╮ ╔═╦╗ ┏━┓ │├┼┤ ╰─╯ ← ↑ → ↓ ● ○ ✓ ×"),
      ("text", "Zürich Ærø Łódź Ελλάδα Москва"),
    ]
  }

  private func putStyles(y: Int, on grid: inout CellGrid) {
    let styles: [(String, CellStyle)] = [
      ("plain", []), ("bold", .bold), ("dim", .dim), ("underlined", .underlined),
      ("reversed", .reversed),
    ]
    grid.put("styles", x: 0, y: y, style: .dim)
    var x = Self.rampStart
    for (name, style) in styles {
      grid.put(name, x: x, y: y, style: style)
      x += name.count + 1
    }
  }

  private static func level(_ value: Double) -> UInt8 { UInt8((255 * value).rounded()) }

  /// Full colours around the wheel.
  private static func hue(_ value: Double) -> RGB {
    func channel(_ offset: Double) -> UInt8 {
      let distance = abs((6 * value + offset).truncatingRemainder(dividingBy: 6) - 3) - 1
      return level(min(1, max(0, distance)))
    }
    return RGB(channel(0), channel(4), channel(2))
  }
}

extension CellGrid {
  /// Writes `text` in row `y`, cut off at the edge.
  fileprivate mutating func put(_ text: String, x: Int, y: Int, style: CellStyle = []) {
    guard 0..<height ~= y else { return }
    for (offset, glyph) in text.enumerated() where x + offset < width {
      self[x + offset, y] = Cell(glyph, style: style)
    }
  }
}

extension TerminalEvent {
  /// The event on a line.
  fileprivate var title: String {
    switch self {
    case .key(let key): "key     \(key)"
    case .mouse(let event):
      "mouse   \(event.modifiers.title)\(event.action.title)  column \(event.column)  row \(event.row)"
    case .resize(let columns, let rows): "resize  \(columns)×\(rows)"
    case .paste(let text):
      "paste   \(text.count) characters: \(String(text.prefix(60)).printable)"
    case .focus(let isHere): isHere ? "focus   here" : "focus   elsewhere"
    case .resumed: "resumed"
    case .wake: "wake"
    case .hangup: "hangup"
    }
  }
}

extension Key.Modifiers {
  fileprivate var title: String {
    isEmpty ? "" : Key(.enter, self).description.replacing("Enter", with: "")
  }
}

extension MouseEvent.Action {
  fileprivate var title: String {
    switch self {
    case .press(let button): "press \(button)"
    case .release(let button): "release \(button)"
    case .drag(let button): "drag \(button)"
    case .move: "move"
    case .wheelUp: "wheel up"
    case .wheelDown: "wheel down"
    case .wheelLeft: "wheel left"
    case .wheelRight: "wheel right"
    }
  }
}
