import Core
import Foundation

extension Double {
  /// The number with exactly `decimals` digits after the point, half to even; a dash for NaN.
  func formatted(decimals: Int) -> String {
    isFinite ? String(format: "%.\(decimals)f", self) : "–"
  }
}

extension String {
  /// The text with control characters, which a file's name may hold, shown as a question mark.
  var printable: String {
    String(map { $0.isControl ? "?" : $0 })
  }

  /// The text with all control characters but the ends of lines shown as a question mark.
  var printableLines: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { String($0).printable }
      .joined(separator: "\n")
  }

  /// The text in lines of at most `columns`, broken between words where it can be; what is more than `count` lines is
  /// cut off, as `cut(to:)` does.
  func wrapped(to columns: Int, lines count: Int) -> [String] {
    var lines = [""]
    for word in split(separator: " ") {
      let longer =
        lines[lines.count - 1].isEmpty ? String(word) : "\(lines[lines.count - 1]) \(word)"
      if longer.count <= columns || lines.count == count || lines[lines.count - 1].isEmpty {
        lines[lines.count - 1] = longer
      } else {
        lines.append(String(word))
      }
    }
    return lines.map { $0.cut(to: columns) }
  }

  /// The text in at most `columns` columns, an ellipsis in place of what does not fit.
  func cut(to columns: Int) -> String {
    count <= columns ? self : String(prefix(max(0, columns - 1))) + (columns > 0 ? "…" : "")
  }
}

extension Character {
  /// Whether it could move a terminal's cursor or start an escape code: C0, DEL and C1.
  var isControl: Bool {
    unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}

extension Int {
  /// "1 image", "3 images".
  func counted(_ noun: String) -> String { self == 1 ? "1 \(noun)" : "\(self) \(noun)s" }

  /// The number with thin gaps between groups of three digits: 45 318 211.
  var grouped: String {
    let digits = String(magnitude)
    var text = ""
    for (i, digit) in digits.enumerated() {
      if i > 0 && (digits.count - i) % 3 == 0 { text += " " }
      text.append(digit)
    }
    return self < 0 ? "-" + text : text
  }
}

/// A table of text: columns as wide as their widest cell, the first and those of words left-aligned, others right-aligned.
struct TextTable {
  private var rows: [[String]] = []
  private let columnsOfWords: Set<Int>

  /// A table with a heading; `columnsOfWords` are left-aligned.
  init(_ heading: [String], columnsOfWords: Set<Int> = [0]) {
    rows = [heading]
    self.columnsOfWords = columnsOfWords
  }

  /// Adds a row.
  mutating func add(_ row: [String]) { rows.append(row) }

  /// The table, a line per row, without a last newline.
  var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return columnsOfWords.contains(column) ? cell + padding : padding + cell
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}

extension JSON {
  /// The object that a command prints under `--json`: its schema, the program's version, then `members`.
  static func report(_ schema: String, _ members: [Member]) -> JSON {
    .object(
      [
        Member("schema", .string("hfgd.\(schema)/1")), Member("version", .string(HFGD.version)),
      ] + members)
  }
}
