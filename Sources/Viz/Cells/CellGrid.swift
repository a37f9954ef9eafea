import Core

/// How a glyph is set off, beside its colours.
public struct CellStyle: OptionSet, Sendable, Hashable {
  /// One bit for each property.
  public let rawValue: UInt8

  /// The properties whose bits are set.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Heavier strokes.
  public static let bold = CellStyle(rawValue: 1)
  /// Fainter than the text around it.
  public static let dim = CellStyle(rawValue: 2)
  /// A line below.
  public static let underlined = CellStyle(rawValue: 4)
  /// Foreground and background exchanged; what is selected on terminals without colour.
  public static let reversed = CellStyle(rawValue: 8)
}

/// One character of a terminal with its colours; `nil` is the terminal's own.
public struct Cell: Sendable, Hashable {
  /// What is drawn; a character that takes one column.
  public var glyph: Character
  /// The glyph's colour and the colour behind it.
  public var foreground, background: RGB?
  /// Bold, dim and the like.
  public var style: CellStyle

  /// A cell; without colours it looks like the terminal's text.
  public init(
    _ glyph: Character = " ", foreground: RGB? = nil, background: RGB? = nil, style: CellStyle = []
  ) {
    self.glyph = glyph
    self.foreground = foreground
    self.background = background
    self.style = style
  }
}

/// A rectangle of cells, rows from the top.
public struct CellGrid: Sendable, Equatable {
  /// Size in cells.
  public let width, height: Int
  private var cells: [Cell]

  /// A grid of blanks.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
    cells = [Cell](repeating: Cell(), count: width * height)
  }

  /// A grid of `width · height` cells, rows from the top.
  public init(width: Int, height: Int, cells: [Cell]) {
    precondition(
      cells.count == width * height,
      "a grid of \(width)×\(height) has \(width * height) cells, not \(cells.count)")
    self.width = width
    self.height = height
    self.cells = cells
  }

  /// The cell in column `x` of row `y`.
  public subscript(x: Int, y: Int) -> Cell {
    get { cells[y * width + x] }
    set { cells[y * width + x] = newValue }
  }

  /// The cells of row `y`.
  public func row(_ y: Int) -> ArraySlice<Cell> { cells[(y * width)..<((y + 1) * width)] }

  /// The largest grid with the sides of a `width` × `height` picture inside `columns` × `rows`, given that a cell is
  /// twice as high as wide.
  public static func fitting(width: Int, height: Int, columns: Int, rows: Int) -> (
    columns: Int, rows: Int
  ) {
    let scale = min(Double(columns) / Double(width), 2 * Double(rows) / Double(height))
    return (
      max(1, min(columns, Int((Double(width) * scale).rounded()))),
      max(1, min(rows, Int((Double(height) * scale / 2).rounded())))
    )
  }
}
