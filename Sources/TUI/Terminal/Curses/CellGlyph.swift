import CTerminal
import Glibc

/// The characters that are sent for a cell's glyph.
///
/// Whatever would not take exactly its columns must not reach the terminal: a file's name may hold control characters,
/// and one glyph too wide shifts the rest of its row.
struct CellGlyph: Equatable {
  /// Marks the right half of a glyph that takes two columns.
  static let continuation: Character = "\u{0}"

  /// A base character and marks on it.
  let characters: [wchar_t]
  let columns: Int

  private init(_ characters: [wchar_t], columns: Int = 1) {
    self.characters = characters
    self.columns = columns
  }

  private static let unknown = CellGlyph([wchar_t(UInt8(ascii: "?"))])
  /// Curses keeps so many characters for a cell.
  private static let capacity = 5

  /// What to send for `glyph`.
  ///
  /// - Parameters:
  ///   - isASCII: nothing but ASCII comes out right; blocks, lines and arrows are sent as what resembles them.
  ///   - hasRoom: the cell to the right is the glyph's `continuation`.
  init(_ glyph: Character, isASCII: Bool, hasRoom: Bool) {
    if let ascii = glyph.asciiValue {
      self = 0x20...0x7E ~= ascii ? CellGlyph([wchar_t(ascii)]) : glyph == "\0" ? .blank : .unknown
      return
    }
    if isASCII {
      self = CellGlyph([wchar_t(ASCIIGlyphs.resembling(glyph))])
      return
    }
    let scalars = glyph.unicodeScalars.prefix(Self.capacity).map { wchar_t($0.value) }
    let widths = glyph.unicodeScalars.prefix(Self.capacity).map { cterminal_columns($0.value) }
    let isWhole = widths.dropFirst().allSatisfy { $0 == 0 }
    switch widths.first {
    case 1 where isWhole: self = CellGlyph(scalars)
    case 1: self = CellGlyph([scalars[0]])
    case 2 where hasRoom: self = CellGlyph([scalars[0]], columns: 2)
    default: self = .unknown
    }
  }

  private static let blank = CellGlyph([wchar_t(UInt8(ascii: " "))])
}

/// ASCII characters for the glyphs that a full screen is made of.
enum ASCIIGlyphs {
  private static let table: [Character: UInt8] = {
    let rows: [(Character, String)] = [
      ("-", "─━═╌╍┄┅┈┉╴╶╸╺–—"), ("|", "│┃║╎╏┆┇┊┋╵╷╹╻▏▕"),
      (
        "+",
        "┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬╭╮╯╰┍┎┑┒┕┖┙┚┝┞┟┠┡┢┥┦┧┨┩┪┭┮┯┰┱┲┵┶┷┸┹┺┽┾┿╀╁╂╃╄╅╆╇╈╉╊"
      ),
      ("#", "█▉▊▋▌▐▙▛▜▟▇▆▅■▣▓"), ("\"", "▀▔▘▝▚▞"), ("_", "▄▃▂▁▖▗"), (":", "░▒"),
      ("*", "•●◆★✓✔"), ("o", "○◇☆◦"), (".", "·…"), ("x", "×✗✘"), (">", "→▶▸►›»⟩"),
      ("<", "←◀◂◄‹«⟨"), ("^", "↑▲▴"), ("v", "↓▼▾"), ("~", "≈∼"), ("'", "’‘′"), ("`", "‵"),
    ]
    var table: [Character: UInt8] = [:]
    for (ascii, glyphs) in rows {
      for glyph in glyphs { table[glyph] = ascii.asciiValue }
    }
    return table
  }()

  /// The character that resembles `glyph` most; a question mark for others.
  static func resembling(_ glyph: Character) -> UInt8 { table[glyph] ?? UInt8(ascii: "?") }
}
