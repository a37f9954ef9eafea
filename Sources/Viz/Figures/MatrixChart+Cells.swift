import Core

extension MatrixChart {
  /// Where the parts stand in at most `columns` × `rows` characters, with `selected` in sight.
  ///
  /// `zoom` makes squares that many steps larger than would fit, or smaller.
  public func layout(
    columns: Int, rows: Int, around selected: MatrixPlace? = nil, zoom: Int = 0
  ) -> MatrixLayout {
    MatrixLayout(self, width: columns, height: rows, around: selected, zoom: zoom)
  }

  /// The chart as text in colours, the `selected` square and its names in `accent`; text is in the terminal's own colour.
  public func cells(
    _ layout: MatrixLayout, selected: MatrixPlace? = nil, accent: RGB = RGB(120, 190, 255),
    isLight: Bool = false
  ) -> CellGrid {
    var grid = CellGrid(width: layout.size.width, height: layout.size.height)
    func write(
      _ text: some Sequence<Character>, x: Int, y: Int, _ style: Cell, down: Bool = false
    ) {
      for (i, glyph) in text.enumerated() {
        var cell = style
        cell.glyph = glyph
        let (column, row) = down ? (x, y + i) : (x + i, y)
        if column < grid.width && row < grid.height { grid[column, row] = cell }
      }
    }
    func style(_ isSelected: Bool) -> Cell {
      isSelected ? Cell(foreground: accent, style: .bold) : Cell()
    }
    let names = columns + [lastColumn ?? ""]
    let shownColumns = Array(layout.columns) + (layout.last.map { [$0.column] } ?? [])
    for row in layout.rows {
      let place = layout.characters(
        of: MatrixPlace(row: row, column: layout.columns.lowerBound))
      let name = rows[row].cut(to: layout.nameColumns - 1)
      write(
        name, x: layout.nameColumns - 1 - name.count,
        y: place.y.lowerBound + (layout.square.rows - 1) / 2, style(row == selected?.row))
    }
    for column in shownColumns {
      let place = layout.characters(of: MatrixPlace(row: layout.rows.lowerBound, column: column))
      let name = names[column].cut(to: layout.nameRows)
      write(
        name, x: place.x.lowerBound + place.x.count / 2, y: layout.nameRows - name.count,
        style(column == selected?.column), down: true)
    }
    for row in layout.rows {
      for column in shownColumns {
        let place = MatrixPlace(row: row, column: column)
        let characters = layout.characters(of: place)
        let colour = colour(place, isLight: isLight)
        var square = Cell(foreground: colour?.ink, background: colour)
        if place == selected {
          // Exchanged, they are ink on the accent; without colours the exchange alone is left.
          square = Cell(
            foreground: accent, background: accent.ink, style: [.bold, .reversed])
        }
        for y in characters.y { for x in characters.x { grid[x, y] = square } }
        let text = text(place)
        guard characters.x.count > 2, 1...characters.x.count ~= text.count else { continue }
        write(
          text, x: characters.x.lowerBound + (characters.x.count - text.count + 1) / 2,
          y: characters.y.lowerBound + (layout.square.rows - 1) / 2, square)
      }
    }
    return grid
  }
}

extension String {
  /// The text in at most `limit` characters, an ellipsis in place of what does not fit, unless that leaves next to nothing.
  fileprivate func cut(to limit: Int) -> String {
    count <= limit ? self : limit < 4 ? String(prefix(max(0, limit))) : prefix(limit - 1) + "…"
  }
}
