/// Reads JSON value by value, in one pass, without building a tree.
///
/// Strict RFC 8259: no byte order mark, no invalid UTF-8, no lone surrogates, no duplicate keys, no
/// more than ``JSON/maximumDepth`` levels. Takes time and memory linear in the text: one step per byte, and one
/// set of keys for each object that is still open.
///
///     try reader.beginObject()
///     while let key = try reader.nextKey() { …read or skip the value… }
///     try reader.end()
///
/// The text must outlive the reader. Failures are thrown as the caller's own kind, so that a reader of a
/// format can mix steps of this one with rules of its own.
struct JSONReader<Failure: Error> {
  let text: UnsafeRawBufferPointer
  /// What is thrown for a fault of the text.
  let failure: (JSONFailure) -> Failure
  /// Offset of the next byte.
  var position = 0
  /// Whether a value of the innermost open container has just been read, so that a comma must follow.
  private var isAfterValue = false
  private var depth = 0
  private var keysOfOpenObjects: [Set<ExactString>] = []

  /// A reader at the start of `text`, all of which is checked to be UTF-8 first.
  init(
    _ text: UnsafeRawBufferPointer, failure: @escaping (JSONFailure) -> Failure
  ) throws(Failure) {
    self.text = text
    self.failure = failure
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: text.bindMemory(to: UInt8.self).span)
    } catch {
      throw failure(.invalidUTF8(offset: error.byteOffsets.lowerBound))
    }
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { throw failure(.byteOrderMark) }
  }

  // MARK: Containers

  /// Steps into an object, to its first key.
  mutating func beginObject() throws(Failure) {
    try descend(through: "{")
    keysOfOpenObjects.append([])
  }

  /// The next key of the innermost object, or `nil` after stepping out of it.
  ///
  /// The key's value follows.
  mutating func nextKey() throws(Failure) -> ExactString? {
    guard try stepsToNextItem(before: "}") else {
      keysOfOpenObjects.removeLast()
      return nil
    }
    skipSpace()
    let offset = position
    let key = ExactString(try string())
    guard keysOfOpenObjects[keysOfOpenObjects.count - 1].insert(key).inserted else {
      throw failure(.duplicateKey(key.text, offset: offset))
    }
    try expect(":", "a colon")
    isAfterValue = false
    return key
  }

  /// Steps into an array, to its first element.
  mutating func beginArray() throws(Failure) {
    try descend(through: "[")
  }

  /// Whether the innermost array has another element, which then follows.
  ///
  /// If not, the reader has stepped out of the array.
  mutating func hasNextElement() throws(Failure) -> Bool {
    try stepsToNextItem(before: "]")
  }

  private mutating func descend(through bracket: UnicodeScalar) throws(Failure) {
    try expect(bracket, bracket == "{" ? "an object" : "an array")
    depth += 1
    if depth > JSON.maximumDepth { throw failure(.tooDeep(offset: position - 1)) }
    isAfterValue = false
  }

  private mutating func stepsToNextItem(before bracket: UnicodeScalar) throws(Failure) -> Bool {
    if try peek() == UInt8(ascii: bracket) {
      position += 1
      depth -= 1
      isAfterValue = true
      return false
    }
    if isAfterValue {
      try expect(",", bracket == "}" ? "',' or '}'" : "',' or ']'")
      isAfterValue = false
    }
    return true
  }

  // MARK: Values

  /// The kind of the value that follows, told by its first byte.
  mutating func kind() throws(Failure) -> JSON.Kind {
    switch try peek() {
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "\""): .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
    case UInt8(ascii: "n"): .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number
    case let byte: throw failure(.unexpectedByte(byte, expected: "a value", offset: position))
    }
  }

  /// The string that follows, its escapes resolved.
  mutating func string() throws(Failure) -> String {
    try expect("\"", "a string")
    isAfterValue = true
    return try stringBody()
  }

  /// The number that follows, as it is written.
  mutating func number() throws(Failure) -> String {
    _ = try peek()
    isAfterValue = true
    return String(decoding: text[try numberRange()], as: UTF8.self)
  }

  /// The number that follows, if it is written in digits alone and fits an `Int`; else `nil`.
  mutating func naturalNumber() throws(Failure) -> Int? {
    _ = try peek()
    isAfterValue = true
    var value = 0
    for byte in text[try numberRange()] {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isStillTooLarge) = tens.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      if isTooLarge || isStillTooLarge { return nil }
      value = sum
    }
    return value
  }

  /// The `true` or `false` that follows.
  mutating func bool() throws(Failure) -> Bool {
    let isTrue = try peek() == UInt8(ascii: "t")
    try word(isTrue ? "true" : "false")
    return isTrue
  }

  /// Reads the `null` that follows.
  mutating func null() throws(Failure) {
    try word("null")
  }

  /// Reads past the value that follows, whatever it is, checking all of it.
  mutating func skipValue() throws(Failure) {
    switch try kind() {
    case .null: try null()
    case .bool: _ = try bool()
    case .number: _ = try naturalNumber()
    case .string: _ = try string()
    case .array:
      try beginArray()
      while try hasNextElement() { try skipValue() }
    case .object:
      try beginObject()
      while try nextKey() != nil { try skipValue() }
    }
  }

  /// Checks that nothing but white space follows.
  mutating func end() throws(Failure) {
    skipSpace()
    if position < text.count { throw failure(.trailingContent(offset: position)) }
  }

  // MARK: Bytes

  private mutating func skipSpace() {
    while position < text.count {
      switch text[position] {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
        position += 1
      default: return
      }
    }
  }

  /// The first byte that is not white space, where the reader then stands.
  private mutating func peek() throws(Failure) -> UInt8 {
    skipSpace()
    guard position < text.count else { throw failure(.unexpectedEnd(offset: position)) }
    return text[position]
  }

  private mutating func expect(
    _ scalar: UnicodeScalar, _ expected: String
  ) throws(Failure) {
    let byte = try peek()
    guard byte == UInt8(ascii: scalar) else {
      throw failure(.unexpectedByte(byte, expected: expected, offset: position))
    }
    position += 1
  }

  private mutating func word(_ word: StaticString) throws(Failure) {
    _ = try peek()
    for i in 0..<word.utf8CodeUnitCount {
      guard position < text.count else { throw failure(.unexpectedEnd(offset: position)) }
      guard text[position] == word.utf8Start[i] else {
        throw failure(.unexpectedByte(text[position], expected: "\(word)", offset: position))
      }
      position += 1
    }
    isAfterValue = true
  }
}
