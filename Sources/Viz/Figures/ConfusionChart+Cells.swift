import Core

extension ConfusionChart {
  /// Where the parts of a chart stand on a grid of cells.
  ///
  /// Names of rows are at the left, those of columns at the top from above downwards. Squares are as large as fits; where even
  /// the smallest are too many, those around one are in sight.
  public struct Layout: Sendable {
    /// Columns of the names at the left, rows of those at the top.
    let nameColumns, nameRows: Int
    /// A square's size in characters.
    let square: (columns: Int, rows: Int)
    /// The rows and columns of the chart that are in sight.
    public let truths, predictions: Range<Int>

    /// A layout in `columns` × `rows` characters that has `pair` in sight.
    init(_ chart: ConfusionChart, columns: Int, rows: Int, around pair: Pair?) {
      let longestRow = chart.rows.map(\.count).max() ?? 0
      let longestColumn = chart.columns.map(\.count).max() ?? 0
      nameColumns = min(longestRow + 2, max(3, columns / 3))
      nameRows = min(longestColumn, max(1, rows / 3))
      let room = (columns: max(0, columns - nameColumns), rows: max(0, rows - nameRows))
      square =
        Self.squares.first {
          $0.columns * chart.columns.count <= room.columns
            && $0.rows * chart.rows.count <= room.rows
        } ?? Self.squares.first {
          // Rows that scroll are better than numbers that are missing.
          $0.rows == 1 && $0.columns * chart.columns.count <= room.columns
        } ?? Self.squares[Self.squares.count - 1]
      truths = Self.inSight(chart.rows.count, room.rows / square.rows, around: pair?.truth)
      predictions = Self.inSight(
        chart.columns.count, room.columns / square.columns, around: pair?.prediction)
    }

    private static let squares = [(10, 5), (8, 4), (6, 3), (4, 2), (4, 1), (3, 1), (2, 1)]
      .map { (columns: $0.0, rows: $0.1) }

    private static func inSight(_ count: Int, _ room: Int, around place: Int?) -> Range<Int> {
      let shown = max(1, min(count, room))
      let first = max(0, min((place ?? 0) - shown / 2, count - shown))
      return first..<(first + shown)
    }

    /// The characters that the square of a pair takes; it must be in sight.
    func characters(of pair: Pair) -> (x: Range<Int>, y: Range<Int>) {
      let x = nameColumns + (pair.prediction - predictions.lowerBound) * square.columns
      let y = nameRows + (pair.truth - truths.lowerBound) * square.rows
      return (x..<(x + square.columns), y..<(y + square.rows))
    }

    /// The pair at a character; `nil` beside the squares.
    public func pair(column: Int, row: Int) -> Pair? {
      guard column >= nameColumns, row >= nameRows else { return nil }
      let pair = Pair(
        truth: truths.lowerBound + (row - nameRows) / square.rows,
        prediction: predictions.lowerBound + (column - nameColumns) / square.columns)
      return truths.contains(pair.truth) && predictions.contains(pair.prediction) ? pair : nil
    }

    /// The size of what is drawn.
    public var size: (columns: Int, rows: Int) {
      (
        nameColumns + predictions.count * square.columns, nameRows + truths.count * square.rows
      )
    }
  }

  /// Where the parts stand in at most `columns` × `rows` characters, with `selected` in sight.
  public func layout(columns: Int, rows: Int, around selected: Pair? = nil) -> Layout {
    Layout(self, columns: columns, rows: rows, around: selected)
  }

  /// The chart as text in colours, the `selected` pair and its names in `accent`; text is in the terminal's own colour.
  public func cells(
    _ layout: Layout, selected: Pair? = nil, accent: RGB = RGB(120, 190, 255),
    isLight: Bool = false
  ) -> CellGrid {
    var grid = CellGrid(width: layout.size.columns, height: layout.size.rows)
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
    for truth in layout.truths {
      let place = layout.characters(
        of: Pair(truth: truth, prediction: layout.predictions.lowerBound))
      let name = rows[truth].cut(to: layout.nameColumns - 1)
      write(
        name, x: layout.nameColumns - 1 - name.count,
        y: place.y.lowerBound + (layout.square.rows - 1) / 2, style(truth == selected?.truth))
    }
    for prediction in layout.predictions {
      let place = layout.characters(
        of: Pair(truth: layout.truths.lowerBound, prediction: prediction))
      let name = columns[prediction].cut(to: layout.nameRows)
      write(
        name, x: place.x.lowerBound + layout.square.columns / 2, y: layout.nameRows - name.count,
        style(prediction == selected?.prediction), down: true)
    }
    for truth in layout.truths {
      for prediction in layout.predictions {
        let pair = Pair(truth: truth, prediction: prediction)
        let place = layout.characters(of: pair)
        let colour = colour(pair, isLight: isLight)
        var square = Cell(foreground: colour?.ink, background: colour)
        if pair == selected {
          // Exchanged, they are ink on the accent; without colours the exchange alone is left.
          square = Cell(
            foreground: accent, background: accent.ink, style: [.bold, .reversed])
        }
        for y in place.y { for x in place.x { grid[x, y] = square } }
        let text = percent(pair)
        guard layout.square.columns > 2, !text.isEmpty else { continue }
        write(
          text, x: place.x.lowerBound + (layout.square.columns - text.count + 1) / 2,
          y: place.y.lowerBound + (layout.square.rows - 1) / 2, square)
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
