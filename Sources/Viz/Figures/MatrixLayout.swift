/// The size of a matrix's squares in characters.
public struct MatrixSquare: Sendable, Equatable {
  /// Characters across and down.
  public let columns, rows: Int
}

/// Where the parts of a matrix's chart stand on a grid of cells.
///
/// Names of rows are at the left, those of columns at the top from above downwards. Squares are as large as fits; where even
/// small ones are too many, those around one are in sight.
public struct MatrixLayout: Sendable {
  /// Columns of the names at the left, rows of those at the top.
  let nameColumns, nameRows: Int
  /// A square's size in characters.
  public let square: MatrixSquare
  /// The rows and columns of the chart that are in sight.
  public let rows, columns: Range<Int>
  /// The column that stands apart: its place in the chart and its width in characters.
  let last: (column: Int, width: Int)?

  /// A layout in `width` × `height` characters that has `place` in sight, its squares so many steps larger than fits.
  init(
    _ chart: some MatrixChart, width: Int, height: Int, around place: MatrixPlace?, zoom: Int
  ) {
    let longestRow = chart.rows.map(\.count).max() ?? 0
    let longestColumn = (chart.columns + [chart.lastColumn ?? ""]).map(\.count).max() ?? 0
    nameColumns = min(longestRow + 2, max(3, width / 3))
    nameRows = min(longestColumn, max(1, height / 3))
    let lastWidth = chart.lastColumn == nil ? 0 : Self.lastWidth
    let room = (
      columns: max(0, width - nameColumns - lastWidth), rows: max(0, height - nameRows)
    )
    let fitting =
      Self.squares.firstIndex {
        $0.columns * chart.columns.count <= room.columns && $0.rows * chart.rows.count <= room.rows
      } ?? Self.squares.firstIndex {
        // Rows that scroll are better than numbers that are missing.
        $0.rows == 1 && $0.columns * chart.columns.count <= room.columns
      } ?? Self.squares.count - 1
    let all = Self.squares + Self.tiny
    square = all[min(max(fitting - zoom, 0), all.count - 1)]
    rows = Self.inSight(chart.rows.count, room.rows / square.rows, around: place?.row)
    columns = Self.inSight(
      chart.columns.count, room.columns / square.columns,
      around: place.map { min($0.column, chart.columns.count - 1) })
    last = chart.lastColumn == nil ? nil : (chart.columns.count, lastWidth)
  }

  private static let squares = [(10, 5), (8, 4), (6, 3), (4, 2), (4, 1), (3, 1), (2, 1)]
    .map { MatrixSquare(columns: $0.0, rows: $0.1) }
  /// Only for those who zoom out: what is so small has no shape.
  private static let tiny = [MatrixSquare(columns: 1, rows: 1)]
  /// A blank and the three characters of a number, with one before them.
  private static let lastWidth = 5

  private static func inSight(_ count: Int, _ room: Int, around place: Int?) -> Range<Int> {
    let shown = max(1, min(count, room))
    let first = max(0, min((place ?? 0) - shown / 2, count - shown))
    return first..<(first + shown)
  }

  /// The characters that a square takes; it must be in sight.
  func characters(of place: MatrixPlace) -> (x: Range<Int>, y: Range<Int>) {
    let y = nameRows + (place.row - rows.lowerBound) * square.rows
    var x = nameColumns + (place.column - columns.lowerBound) * square.columns
    var width = square.columns
    if let last, place.column == last.column {
      x = nameColumns + columns.count * square.columns + 1
      width = last.width - 1
    }
    return (x..<(x + width), y..<(y + square.rows))
  }

  /// The square at a character; `nil` beside the squares.
  public func place(x: Int, y: Int) -> MatrixPlace? {
    guard x >= nameColumns, y >= nameRows else { return nil }
    let place = MatrixPlace(
      row: rows.lowerBound + (y - nameRows) / square.rows,
      column: columns.lowerBound + (x - nameColumns) / square.columns)
    return rows.contains(place.row) && columns.contains(place.column) ? place : nil
  }

  /// The size of what is drawn, in characters.
  public var size: (width: Int, height: Int) {
    (
      nameColumns + columns.count * square.columns + (last?.width ?? 0),
      nameRows + rows.count * square.rows
    )
  }
}
