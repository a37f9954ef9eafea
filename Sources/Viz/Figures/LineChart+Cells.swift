import Core

extension LineChart {
  /// The chart in braille, eight dots a cell: names at the top, numbers at the left and at the bottom, in the terminal's
  /// own colour.
  ///
  /// Where lines cross in a cell, it has the colour of the last one. Takes at least 20 × 6 cells.
  public func cells(columns: Int, rows: Int) -> CellGrid {
    precondition(
      columns >= 20 && rows >= 6, "a chart has at least 20×6 cells, not \(columns)×\(rows)")
    let (x, y) = axes(ticksAcross: columns / 12, ticksUp: (rows - 2) / 3)
    let labels = y.ticks.map(y.label)
    let left = (labels.map(\.count).max() ?? 0) + 2
    var grid = CellGrid(width: columns, height: rows)
    let top = writeNames(to: &grid, from: left)
    let plot = Plot(
      left: left, top: top, columns: columns - left,
      rows: Self.rows(forIntervals: y.ticks.count - 1, atMost: rows - top - 1))
    for row in 0..<plot.rows { grid[left - 1, top + row] = Cell("│", style: .dim) }
    for (tick, label) in zip(y.ticks, labels) {
      let row = top + Int((1 - y.place(tick)) * Double(plot.rows - 1) + 0.5)
      grid.write(label, x: left - 2 - label.count, y: row)
      grid[left - 1, row] = Cell("┤", style: .dim)
    }
    var end = -1
    for tick in x.ticks {
      let label = x.label(tick)
      let centre = left + Int(x.place(tick) * Double(plot.columns - 1))
      let start = max(0, min(columns - label.count, centre - label.count / 2))
      guard start > end else { continue }
      grid.write(label, x: start, y: top + plot.rows)
      end = start + label.count
    }
    for line in series { draw(line, x, y, in: &grid, plot) }
    return grid
  }

  /// The cells that the lines may take.
  private struct Plot {
    let left, top, columns, rows: Int
  }

  /// How many rows a plot takes of `limit`, so that each tick stands in the middle of a row, where there are enough.
  private static func rows(forIntervals intervals: Int, atMost limit: Int) -> Int {
    let spacing = (limit - 1) / intervals
    return spacing > 0 ? spacing * intervals + 1 : limit
  }

  /// Writes the names over the plot, in at most a third of the rows; returns how many rows that took.
  private func writeNames(to grid: inout CellGrid, from left: Int) -> Int {
    let rows = Self.rows(ofNames: series.map { $0.name.count + 4 }, width: grid.width - left + 2)
      .prefix(grid.height / 3)
    for (row, lines) in rows.enumerated() {
      var column = left
      for line in series[lines] {
        grid[column, row] = Cell("━", foreground: line.colour)
        grid.write(line.name, x: column + 2, y: row)
        column += line.name.count + 4
      }
    }
    return rows.count
  }

  private func draw(
    _ line: Series, _ x: Axis, _ y: Axis, in grid: inout CellGrid, _ plot: Plot
  ) {
    // The first and the last tick stand in the middle of a cell, between its second and its third dot.
    let (width, height) = (Double(2 * plot.columns - 1), Double(4 * (plot.rows - 1)))
    let dots = line.points.map {
      (x: x.place($0.x) * width, y: (1 - y.place($0.y)) * height + 1.5)
    }
    for (i, dot) in dots.enumerated() {
      let from = dots[max(0, i - 1)]
      let count = max(1, Int(max(abs(dot.x - from.x), abs(dot.y - from.y)).rounded(.up)))
      for step in 0...count {
        let share = Double(step) / Double(count)
        let column = Int(from.x + share * (dot.x - from.x) + 0.5)
        let row = Int(from.y + share * (dot.y - from.y) + 0.5)
        let place = (plot.left + column / 2, plot.top + row / 4)
        let known = grid[place.0, place.1].glyph.brailleDots
        grid[place.0, place.1] = Cell(
          Character(braille: known | Braille.bit(column: column % 2, row: row % 4)),
          foreground: line.colour)
      }
    }
  }
}

extension CellGrid {
  /// Writes a line of text from (x, y) on, cut off at the grid's edge.
  mutating func write(_ text: String, x: Int, y: Int) {
    for (i, character) in text.enumerated() where 0..<width ~= x + i {
      self[x + i, y] = Cell(character)
    }
  }
}
