/// The insides of strings and numbers.
extension JSONReader {
  /// The rest of a string whose opening quote has been read, and its closing quote.
  mutating func stringBody() throws(Failure) -> String {
    let start = position
    try skipPlainCharacters()
    if text[position] == UInt8(ascii: "\"") {
      defer { position += 1 }
      return String(decoding: text[start..<position], as: UTF8.self)
    }

    var bytes = [UInt8](text[start..<position])
    while text[position] != UInt8(ascii: "\"") {
      UTF8.encode(try escapedScalar()) { bytes.append($0) }
      let plain = position
      try skipPlainCharacters()
      bytes.append(contentsOf: text[plain..<position])
    }
    position += 1
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Moves on to the next quote or backslash.
  private mutating func skipPlainCharacters() throws(Failure) {
    while position < text.count {
      let byte = text[position]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return }
      if byte < 0x20 { throw failure(.controlCharacter(offset: position)) }
      position += 1
    }
    throw failure(.unexpectedEnd(offset: position))
  }

  /// The character that the escape at the reader's position means.
  private mutating func escapedScalar() throws(Failure) -> UnicodeScalar {
    let offset = position
    guard offset + 1 < text.count else { throw failure(.unexpectedEnd(offset: text.count)) }
    position += 2
    switch text[offset + 1] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(at: offset)
    default: throw failure(.invalidEscape(offset: offset))
    }
  }

  /// The character of `\uXXXX`, or of the surrogate pair `\uXXXX\uXXXX`, whose backslash is at `offset`.
  private mutating func unicodeEscape(at offset: Int) throws(Failure) -> UnicodeScalar {
    let high = try fourHexDigits(ofEscapeAt: offset)
    if let scalar = UnicodeScalar(high) { return scalar }

    guard high < 0xDC00, position + 1 < text.count,
      text[position] == UInt8(ascii: "\\"), text[position + 1] == UInt8(ascii: "u")
    else { throw failure(.loneSurrogate(offset: offset)) }
    position += 2
    let low = try fourHexDigits(ofEscapeAt: position - 2)
    guard (0xDC00...0xDFFF).contains(low),
      let scalar = UnicodeScalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    else { throw failure(.loneSurrogate(offset: offset)) }
    return scalar
  }

  private mutating func fourHexDigits(ofEscapeAt offset: Int) throws(Failure) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < text.count else { throw failure(.unexpectedEnd(offset: position)) }
      let digit: UInt8
      switch text[position] {
      case let byte where isDigit(byte): digit = byte - UInt8(ascii: "0")
      case let byte where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20):
        digit = (byte | 0x20) - UInt8(ascii: "a") + 10
      default: throw failure(.invalidEscape(offset: offset))
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  /// Reads `-? (0 | [1-9] digits*) (. digits+)? ([eE] [+-]? digits+)?` and gives its bytes.
  mutating func numberRange() throws(Failure) -> Range<Int> {
    let start = position
    skip(UInt8(ascii: "-"))
    if !skip(UInt8(ascii: "0")) { try skipDigits(ofNumberAt: start) }
    if skip(UInt8(ascii: ".")) { try skipDigits(ofNumberAt: start) }
    if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
      if !skip(UInt8(ascii: "+")) { skip(UInt8(ascii: "-")) }
      try skipDigits(ofNumberAt: start)
    }
    if position < text.count, isDigit(text[position]) {
      throw failure(.invalidNumber(offset: start))
    }  // 01
    return start..<position
  }

  @discardableResult
  private mutating func skip(_ byte: UInt8) -> Bool {
    guard position < text.count, text[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipDigits(ofNumberAt start: Int) throws(Failure) {
    let first = position
    while position < text.count, isDigit(text[position]) { position += 1 }
    guard position > first else { throw failure(.invalidNumber(offset: start)) }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
