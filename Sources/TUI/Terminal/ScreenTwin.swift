import Glibc
import Viz

/// A terminal in memory: events come from a script, and what is drawn can be looked at.
final class ScreenTwin: Terminal {
  private(set) var size: TerminalSize
  var features: TerminalFeatures
  private(set) var traffic = Traffic()
  private(set) var endSignal: Int32?

  /// Everything that was drawn, as it was handed over.
  private(set) var grids: [CellGrid] = []
  private(set) var mouse = MouseReporting.buttons
  private(set) var clipboard: String?
  private(set) var title: String?
  private(set) var suspensions = 0
  private(set) var isClosed = false

  private var script: ArraySlice<TerminalEvent>

  /// A screen of that size on which the events of `script` happen one after the other; at its end the terminal is gone.
  init(
    columns: Int, rows: Int, script: [TerminalEvent] = [],
    features: TerminalFeatures = TerminalFeatures(
      depth: .trueColour, glyphs: [.blocks, .sextants], background: nil, cellPixels: nil)
  ) {
    size = TerminalSize(columns: columns, rows: rows)
    self.script = script[...]
    self.features = features
  }

  var waker: Waker { Waker {} }

  func draw(_ grid: CellGrid) {
    grids.append(grid)
    traffic.countFrame(bytes: 0, time: .zero)
  }

  func nextEvent(timeout: Duration?) -> TerminalEvent? {
    guard let event = script.popFirst() else { return .hangup }
    if case .resize(let columns, let rows) = event {
      size = TerminalSize(columns: columns, rows: rows)
    }
    return event
  }

  func setMouse(_ reporting: MouseReporting) { mouse = reporting }

  func copyToClipboard(_ text: String) throws(ClipboardFailure) {
    _ = try Clipboard.codes(text, through: nil)
    clipboard = text
  }

  func setTitle(_ title: String) { self.title = title }

  func suspend() {
    suspensions += 1
    script = [.resumed] + script
  }

  func close() { isClosed = true }

  /// The glyphs on the screen, a line per row without trailing blanks.
  var picture: String {
    grids.last?.clipped(columns: size.columns, rows: size.rows).picture ?? ""
  }
}

extension CellGrid {
  /// The glyphs, a line per row without trailing blanks.
  var picture: String {
    (0..<height).map { y in
      let line = String(row(y).map(\.glyph))
      return String(line[...(line.lastIndex { $0 != " " } ?? line.startIndex)])
        .replacing(/^ $/, with: "")
    }.joined(separator: "\n")
  }

  /// The grid as a screen of that size shows it: cut off, or with blanks added, at the right and the bottom.
  func clipped(columns: Int, rows: Int) -> CellGrid {
    guard columns != width || rows != height else { return self }
    var grid = CellGrid(width: columns, height: rows)
    for y in 0..<min(rows, height) {
      for (x, cell) in row(y).prefix(columns).enumerated() { grid[x, y] = cell }
    }
    return grid
  }
}
