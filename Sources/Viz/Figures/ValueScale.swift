import Core

/// Values and their colours: a colour map from one value to another, to colour by and to draw beside what is coloured.
public struct ValueScale: Sendable {
  /// The colours.
  public let map: ColourMap
  /// The values at the ends of the map.
  public let range: ClosedRange<Double>

  /// A scale of `map` over `range`; of an empty range every value has the first colour.
  public init(_ map: ColourMap, _ range: ClosedRange<Double>) {
    self.map = map
    self.range = range
  }

  /// The colour of a value; beyond the range that of its end.
  public func callAsFunction(_ value: Double) -> RGB { map(Float(share(of: value))) }

  private func share(of value: Double) -> Double {
    let extent = range.upperBound - range.lowerBound
    return extent > 0 ? (value - range.lowerBound) / extent : 0
  }

  /// The value at a share of the range.
  private func value(at share: Double) -> Double {
    range.lowerBound + share * (range.upperBound - range.lowerBound)
  }

  /// What stands at a value: two decimals, three where the range is small.
  private func label(_ value: Double) -> String {
    let isSmall = max(abs(range.lowerBound), abs(range.upperBound)) < 0.2
    let text = value.fixed(decimals: isSmall ? 3 : 2)
    return range.lowerBound < 0 && value > 0 ? "+\(text)" : text
  }

  /// The scale in one line of at most `columns` characters: its ends, and the colours between them.
  public func cells(columns: Int, text: RGB? = nil) -> CellGrid {
    let (low, high) = (label(range.lowerBound), label(range.upperBound))
    let bar = max(1, columns - low.count - high.count - 2)
    let isHalf = range.lowerBound < 0 && bar > 12
    var cells = low.map { Cell($0, foreground: text) } + [Cell()]
    for i in 0..<bar {
      let colour = map(Float(i) / Float(max(1, bar - 1)))
      // Without colours, a 0 tells the middle of a scale around it.
      let isMiddle = isHalf && i == bar / 2
      cells.append(Cell(isMiddle ? "0" : " ", foreground: colour.ink, background: colour))
    }
    cells += [Cell()] + high.map { Cell($0, foreground: text) }
    return CellGrid(width: cells.count, height: 1, cells: cells)
  }

  /// Pixels that a drawn scale is high, its numbers at this scale of the font.
  static func height(scale: Int) -> Int { (8 + 4 + PixelFont.lineHeight) * scale }

  /// Draws the scale with the values of its ends, quarters and middle below it.
  func draw(
    on picture: inout Picture, x: Int, y: Int, width: Int, look: FigureLook, scale: Int
  ) {
    let bar = 8 * scale
    picture.fill(look.outline, x: x - 1, y: y - 1, width: width + 2, height: bar + 2)
    for i in 0..<width {
      picture.fill(
        map(Float(i) / Float(max(1, width - 1))), x: x + i, y: y, width: 1, height: bar)
    }
    for quarter in 0...4 {
      let text = label(value(at: Double(quarter) / 4))
      let extent = PixelFont.size(of: text, scale: scale).width
      let centre = x + width * quarter / 4
      picture.draw(
        text, x: min(max(centre - extent / 2, x), x + width - extent), y: y + bar + 4 * scale,
        colour: look.secondaryText, scale: scale)
    }
  }
}
