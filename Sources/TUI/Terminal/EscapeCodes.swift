import Core
import Viz

extension CellGrid {
  /// The grid as lines of text with SGR colour codes, each line ending without colour.
  ///
  /// A code is written only where it differs from the one in force, which makes a picture about a third shorter.
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
        line.append(cell.glyph)
        (foreground, background) = codes
      }
      return line + (foreground.isEmpty && background.isEmpty ? "" : "\u{1B}[0m")
    }.joined(separator: "\n")
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
    case .palette256: return "\u{1B}[\(isBackground ? 48 : 38);5;\(colour.nearestOf256)m"
    case .sixteen:
      let index = colour.nearestOf16
      let base = (index < 8 ? 30 : 82) + (isBackground ? 10 : 0)
      return "\u{1B}[\(base + index)m"
    }
  }
}

extension RGB {
  /// The nearest of xterm's colours 16…255: a 6×6×6 cube and 24 greys, which terminals do not let users change.
  var nearestOf256: Int {
    func level(_ value: UInt8) -> Int { value < 48 ? 0 : value < 115 ? 1 : (Int(value) - 35) / 40 }
    let levels = [red, green, blue].map(level)
    let steps = [0, 95, 135, 175, 215, 255]
    let cube = RGB(UInt8(steps[levels[0]]), UInt8(steps[levels[1]]), UInt8(steps[levels[2]]))
    let mean = (Int(red) + Int(green) + Int(blue)) / 3
    let greyIndex = min(23, max(0, (mean - 3) / 10))
    let greyLevel = UInt8(8 + 10 * greyIndex)
    let grey = RGB(greyLevel, greyLevel, greyLevel)
    return distance(to: grey) < distance(to: cube)
      ? 232 + greyIndex : 16 + 36 * levels[0] + 6 * levels[1] + levels[2]
  }

  /// The nearest of the sixteen ANSI colours as xterm draws them.
  var nearestOf16: Int {
    let ansi = [
      RGB(0, 0, 0), RGB(205, 0, 0), RGB(0, 205, 0), RGB(205, 205, 0), RGB(0, 0, 238),
      RGB(205, 0, 205), RGB(0, 205, 205), RGB(229, 229, 229), RGB(127, 127, 127), RGB(255, 0, 0),
      RGB(0, 255, 0), RGB(255, 255, 0), RGB(92, 92, 255), RGB(255, 0, 255), RGB(0, 255, 255),
      RGB(255, 255, 255),
    ]
    return ansi.indices.min { distance(to: ansi[$0]) < distance(to: ansi[$1]) } ?? 0
  }

  private func distance(to other: RGB) -> Int {
    let r = Int(red) - Int(other.red)
    let g = Int(green) - Int(other.green)
    let b = Int(blue) - Int(other.blue)
    return r * r + g * g + b * b
  }
}
