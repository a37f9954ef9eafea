/// Why a text is not the JSON that we accept.
///
/// Offsets count bytes from the start of the text.
public enum JSONFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The bytes are not UTF-8.
  case invalidUTF8(offset: Int)
  /// The text starts with a byte order mark.
  case byteOrderMark
  /// The text ends inside a value.
  case unexpectedEnd(offset: Int)
  /// Another byte stands where something else, described by `expected`, must stand.
  case unexpectedByte(UInt8, expected: String, offset: Int)
  /// A string holds a control character (below U+0020) that is not escaped.
  case controlCharacter(offset: Int)
  /// A backslash is followed by something that is no escape.
  case invalidEscape(offset: Int)
  /// A `\u` escape is one half of a surrogate pair without the other.
  case loneSurrogate(offset: Int)
  /// A number is malformed, such as `01`, `1.` or `-`.
  case invalidNumber(offset: Int)
  /// Arrays and objects are nested more than 127 deep.
  case tooDeep(offset: Int)
  /// An object has the same key twice; the offset is that of the second.
  case duplicateKey(String, offset: Int)
  /// Something other than white space follows the value.
  case trailingContent(offset: Int)

  /// One sentence: what is wrong, where, and the remedy.
  public var description: String {
    switch self {
    case .invalidUTF8(let offset): "not UTF-8 at byte \(offset); save the text as UTF-8"
    case .byteOrderMark: "starts with a byte order mark; save the text as UTF-8 without one"
    case .unexpectedEnd(let offset): "the JSON ends too early, at byte \(offset); complete it"
    case .unexpectedByte(let byte, let expected, let offset):
      "expected \(expected) at byte \(offset), found \(spelling(of: byte)); correct the JSON"
    case .controlCharacter(let offset):
      "unescaped control character in a string at byte \(offset); write it as \\u00XX"
    case .invalidEscape(let offset): "unknown escape at byte \(offset); correct the JSON"
    case .loneSurrogate(let offset):
      "half a surrogate pair at byte \(offset); write both halves or neither"
    case .invalidNumber(let offset): "malformed number at byte \(offset); correct the JSON"
    case .tooDeep(let offset):
      "nested deeper than \(JSON.maximumDepth) levels at byte \(offset); flatten the JSON"
    case .duplicateKey(let key, let offset):
      "the key \(quoted(key)) stands twice in one object (again at byte \(offset)); keep one of them"
    case .trailingContent(let offset):
      "something follows the JSON value at byte \(offset); end the text after the value"
    }
  }

  /// The byte at which the text goes wrong.
  public var offset: Int {
    switch self {
    case .byteOrderMark: 0
    case .invalidUTF8(let offset), .unexpectedEnd(let offset), .unexpectedByte(_, _, let offset),
      .controlCharacter(let offset), .invalidEscape(let offset), .loneSurrogate(let offset),
      .invalidNumber(let offset), .tooDeep(let offset), .duplicateKey(_, let offset),
      .trailingContent(let offset):
      offset
    }
  }

  private func spelling(of byte: UInt8) -> String {
    (0x21...0x7E).contains(byte)
      ? "'\(Character(UnicodeScalar(byte)))'" : "byte 0x\(String(byte, radix: 16, uppercase: true))"
  }
}
