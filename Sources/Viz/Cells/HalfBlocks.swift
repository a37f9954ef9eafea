import Core

extension Picture {
  /// The picture as upper half blocks: two pixels a cell, the upper in the glyph's colour, the lower behind it.
  public func halfBlocks(columns: Int, rows: Int) -> CellGrid {
    let scaled = areaScaled(width: columns, height: 2 * rows)
    var grid = CellGrid(width: columns, height: rows)
    for y in 0..<rows {
      for x in 0..<columns {
        grid[x, y] = Cell("▀", foreground: scaled[x, 2 * y], background: scaled[x, 2 * y + 1])
      }
    }
    return grid
  }
}

extension LabelMap {
  /// The map as letters, one a cell, for terminals without colour; values without a letter are blank.
  public func letters(_ letters: [Character], columns: Int, rows: Int) -> CellGrid {
    let scaled = majorityScaled(width: columns, height: rows)
    var grid = CellGrid(width: columns, height: rows)
    for y in 0..<rows {
      for x in 0..<columns where Int(scaled[x, y]) < letters.count {
        grid[x, y] = Cell(letters[Int(scaled[x, y])])
      }
    }
    return grid
  }
}

/// A letter for each class name: its own first letter where that is free, else another of its letters, else any.
public func classLetters(_ names: [String]) -> [Character] {
  var free = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".map { $0 }
  return names.map { name in
    let own = name.filter(\.isASCII)
    let wanted = Array(own.uppercased()) + Array(own.lowercased())
    let letter = wanted.first(where: free.contains) ?? free.first ?? "?"
    free.removeAll { $0 == letter }
    return letter
  }
}
