/// Braille patterns as pictures of two columns of four dots (Unicode, block U+2800).
enum Braille {
  /// The bits of the left and the right column, from the top.
  private static let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

  /// The bit of a dot of a cell, counted from its upper left.
  static func bit(column: Int, row: Int) -> UInt32 { bits[column][row] }
}

extension Character {
  /// The braille pattern with these dots.
  init(braille dots: UInt32) {
    self = Unicode.Scalar(0x2800 + dots).map(Character.init) ?? " "
  }

  /// The dots of a braille pattern, none for other characters.
  var brailleDots: UInt32 {
    guard let scalar = unicodeScalars.first, 0x2800...0x28FF ~= scalar.value else { return 0 }
    return scalar.value - 0x2800
  }
}
