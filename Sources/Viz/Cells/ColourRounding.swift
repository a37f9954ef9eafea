import Core

extension CellGrid {
  /// The grid in 2^`bits` values per channel, black and white among them; `bits` is from 1 to 8.
  ///
  /// Cells whose two colours become one are blanks of it.
  public func rounded(bits: Int) -> CellGrid {
    precondition(1...8 ~= bits, "a channel is rounded to 1 to 8 bits, not \(bits)")
    let steps = (1 << bits) - 1
    let table = (0...255).map { UInt8((($0 * steps + 127) / 255 * 255 + steps / 2) / steps) }
    func rounded(_ colour: RGB?) -> RGB? {
      colour.map { RGB(table[Int($0.red)], table[Int($0.green)], table[Int($0.blue)]) }
    }
    let cells = (0..<height).flatMap { y in
      row(y).map { cell in
        let (foreground, background) = (rounded(cell.foreground), rounded(cell.background))
        return foreground == background && foreground != nil
          ? Cell(background: background, style: cell.style)
          : Cell(cell.glyph, foreground: foreground, background: background, style: cell.style)
      }
    }
    return CellGrid(width: width, height: height, cells: cells)
  }
}
