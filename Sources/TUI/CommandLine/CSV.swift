/// Comma-separated values as RFC 4180 has them, lines ended by a line feed.
enum CSV {
  /// A line of cells; what holds a comma, a quote or the end of a line is quoted.
  static func line(_ cells: [String]) -> String { cells.map(quoted).joined(separator: ",") }

  /// Four digits after the point; empty for what is no number.
  static func number(_ value: Double) -> String {
    value.isFinite ? value.formatted(decimals: 4) : ""
  }

  private static func quoted(_ cell: String) -> String {
    cell.contains { ",\"\n\r\r\n".contains($0) }
      ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
  }
}
