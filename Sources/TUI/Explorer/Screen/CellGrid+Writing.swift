import Core
import Viz

/// How text is drawn.
struct TextStyle {
  var foreground: RGB?
  var background: RGB?
  var style: CellStyle = []

  init(_ foreground: RGB? = nil, on background: RGB? = nil, _ style: CellStyle = []) {
    self.foreground = foreground
    self.background = background
    self.style = style
  }
}

extension CellGrid {
  /// Writes one line of text at (`x`, `y`), cut to `width` cells and to the grid; returns the column after it.
  ///
  /// Text that is cut ends in "…". Characters that do not take exactly one column are shown as "·".
  @discardableResult
  mutating func write(
    _ text: String, x: Int, y: Int, width: Int, _ style: TextStyle = TextStyle()
  ) -> Int {
    guard 0..<height ~= y, width > 0 else { return x }
    let characters = Array(text)
    let isCut = characters.count > width
    let count = min(characters.count, width)
    for i in 0..<count where 0..<self.width ~= x + i {
      let glyph = isCut && i == count - 1 ? "…" : characters[i].takesOneColumn ? characters[i] : "·"
      self[x + i, y] = Cell(
        glyph, foreground: style.foreground, background: style.background, style: style.style)
    }
    return x + count
  }

  /// Fills a rectangle with blanks of a background.
  mutating func fill(_ rect: Rect, _ background: RGB?) {
    for y in max(0, rect.y)..<max(0, rect.y, min(height, rect.maxY)) {
      for x in max(0, rect.x)..<max(0, rect.x, min(width, rect.maxX)) {
        self[x, y] = Cell(" ", background: background)
      }
    }
  }

  /// Copies `other` so that its upper left lies at (`x`, `y`), cut to `rect`.
  mutating func draw(_ other: CellGrid, x: Int, y: Int, clippedTo rect: Rect) {
    for row in 0..<other.height where rect.y..<max(rect.y, min(rect.maxY, height)) ~= y + row {
      for column in 0..<other.width where rect.x..<max(rect.x, min(rect.maxX, width)) ~= x + column
      {
        self[x + column, y + row] = other[column, row]
      }
    }
  }

  /// Draws a frame with a title in its upper edge.
  mutating func frame(_ rect: Rect, title: String, _ style: TextStyle, titleStyle: TextStyle) {
    guard rect.width >= 2, rect.height >= 2 else { return }
    let line = String(repeating: "─", count: rect.width - 2)
    write("┌" + line + "┐", x: rect.x, y: rect.y, width: rect.width, style)
    write("└" + line + "┘", x: rect.x, y: rect.maxY - 1, width: rect.width, style)
    for y in (rect.y + 1)..<max(rect.y + 1, rect.maxY - 1) {
      write("│", x: rect.x, y: y, width: 1, style)
      write("│", x: rect.maxX - 1, y: y, width: 1, style)
    }
    if !title.isEmpty, rect.width > 6 {
      write(" \(title) ", x: rect.x + 2, y: rect.y, width: rect.width - 4, titleStyle)
    }
  }
}

extension Character {
  /// Whether every terminal gives the character exactly one column.
  ///
  /// One scalar of a script that is never wide, or of the symbols from punctuation to block elements, and no emoji.
  var takesOneColumn: Bool {
    guard unicodeScalars.count == 1, let scalar = unicodeScalars.first else { return false }
    if scalar.isASCII { return scalar.value >= 32 && scalar.value != 127 }
    let isNarrow = scalar.value < 0x1100 || 0x2010...0x2BFF ~= scalar.value
    guard isNarrow, !scalar.properties.isEmojiPresentation else { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .nonspacingMark, .enclosingMark, .unassigned, .surrogate: return false
    default: return true
    }
  }
}
