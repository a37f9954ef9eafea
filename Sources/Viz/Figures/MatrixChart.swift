import Core

/// A matrix to look at: a coloured square for each number, names of rows at the left and of columns at the top.
public protocol MatrixChart: Sendable {
  /// What the rows are called, from the top.
  var rows: [String] { get }
  /// What the columns are called, from the left.
  var columns: [String] { get }
  /// What a last column is called that stands apart and in sight; its place is `columns.count`. `nil` for none.
  var lastColumn: String? { get }
  /// The colour of a square, on paper or on the dark; `nil` for the background's own.
  func colour(_ place: MatrixPlace, isLight: Bool) -> RGB?
  /// What stands in a square, which is left out where it does not fit; empty for nothing.
  func text(_ place: MatrixPlace) -> String
}

extension MatrixChart {
  /// None.
  public var lastColumn: String? { nil }
}

/// A square of a matrix.
public struct MatrixPlace: Sendable, Hashable {
  /// Counted from the top and from the left.
  public var row: Int, column: Int

  /// A square from its row and column.
  public init(row: Int, column: Int) {
    self.row = row
    self.column = column
  }
}

extension RGB {
  /// Black or white, whichever reads better on the colour.
  public var ink: RGB {
    let brightness = 3 * Int(red) + 6 * Int(green) + Int(blue)
    return brightness > 1250 ? RGB(0, 0, 0) : RGB(255, 255, 255)
  }
}
