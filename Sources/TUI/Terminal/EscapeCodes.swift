import Core
import Viz

extension CellGrid {
  /// The grid as lines of text with SGR colour codes, each line ending without colour.
  ///
  /// A code is written only where it differs from the one in force, which makes a picture about a third shorter. Control
  /// characters, which the names of classes may hold, are shown as question marks.
  func text(_ depth: ColourDepth) -> String {
    (0..<height).map { y in
      var line = ""
      var (foreground, background) = ("", "")
      for cell in row(y) {
        let codes = (
          depth.code(cell.foreground, isBackground: false),
          depth.code(cell.background, isBackground: true)
        )
        if codes.0 != foreground { line += codes.0.isEmpty ? "\u{1B}[39m" : codes.0 }
        if codes.1 != background { line += codes.1.isEmpty ? "\u{1B}[49m" : codes.1 }
        line.append(cell.glyph.isControl ? "?" : cell.glyph)
        (foreground, background) = codes
      }
      return line + (foreground.isEmpty && background.isEmpty ? "" : "\u{1B}[0m")
    }.joined(separator: "\n")
  }
}

extension CellGrid {
  /// The grid in colours that the depth has, dithered where it has few.
  func matched(to depth: ColourDepth) -> CellGrid {
    switch depth {
    case .none, .trueColour: self
    case .palette256: dithered(to: .xterm240)
    case .sixteen: dithered(to: .ansi16)
    }
  }
}

extension ColourDepth {
  /// The SGR code that selects `colour` for what follows; empty for the terminal's own colour and without colours.
  func code(_ colour: RGB?, isBackground: Bool) -> String {
    guard let colour else { return "" }
    switch self {
    case .none: return ""
    case .trueColour:
      return "\u{1B}[\(isBackground ? 48 : 38);2;\(colour.red);\(colour.green);\(colour.blue)m"
    case .palette256:
      let index = TerminalPalette.xterm240.nearest(to: colour)
      return "\u{1B}[\(isBackground ? 48 : 38);5;\(index)m"
    case .sixteen:
      let index = TerminalPalette.ansi16.nearest(to: colour)
      let base = (index < 8 ? 30 : 82) + (isBackground ? 10 : 0)
      return "\u{1B}[\(base + index)m"
    }
  }
}
