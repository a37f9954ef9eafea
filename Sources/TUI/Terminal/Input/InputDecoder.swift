/// Turns the bytes that a terminal sends into keys, mouse events, pastes and replies.
///
/// Bytes may come in pieces of any size. An escape character alone is ambiguous: it is the Esc key, or the start of a
/// sequence whose rest is on its way. The reader waits a moment and then calls `decode` with `isPause`. Sequences that
/// mean nothing here are dropped, never typed.
struct InputDecoder {
  /// What the bytes meant.
  enum Item: Equatable {
    case event(TerminalEvent)
    case reply(TerminalReply)
  }

  /// Whether `CSI row ; column R` is a cursor position that was asked for; else it is F3 with modifiers.
  var expectsCursor = false

  private var buffer: [UInt8] = []
  private var paste: [UInt8]?

  /// What one step over the buffer found.
  private enum Step {
    case item(Item, length: Int)
    case nothing(length: Int)
    case incomplete
  }

  /// The longest string, such as a title, that a terminal may send; the rest of a longer one is dropped with it.
  private static let longestString = 1 << 16
  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  /// Whether an escape character waits for what follows.
  var isAmbiguous: Bool { paste == nil && buffer.first == 0x1B && buffer.count <= 2 }

  /// Decodes `bytes`, after what was left over before.
  ///
  /// - Parameter isPause: no more bytes have come for a while, so what could be a whole key is one.
  mutating func decode(_ bytes: some Sequence<UInt8>, isPause: Bool = false) -> [Item] {
    buffer += bytes
    var items: [Item] = []
    var rest = buffer[...]
    loop: while !rest.isEmpty {
      if paste != nil {
        guard let item = takePaste(&rest) else { break }
        items.append(item)
        continue
      }
      switch step(rest, isPause: isPause) {
      case .item(let item, let length):
        items.append(item)
        rest = rest.dropFirst(length)
      case .nothing(let length): rest = rest.dropFirst(length)
      case .incomplete: break loop
      }
    }
    buffer = Array(rest)
    return items
  }

  private mutating func step(_ bytes: ArraySlice<UInt8>, isPause: Bool) -> Step {
    let first = bytes[bytes.startIndex]
    guard first == 0x1B else { return plain(bytes) }
    guard bytes.count > 1 else {
      return isPause ? .item(.event(.key(Key(.escape))), length: 1) : .incomplete
    }
    if isPause && bytes.count == 2 { return alt(bytes, isPause: true) }
    switch bytes[bytes.startIndex + 1] {
    case UInt8(ascii: "["): return controlSequence(bytes)
    case UInt8(ascii: "O"): return applicationKey(bytes)
    case UInt8(ascii: "]"):
      return string(bytes) { TerminalReply(operatingSystemCommand: $0) }
    case UInt8(ascii: "P"): return string(bytes) { TerminalReply(deviceControl: $0) }
    case UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"): return string(bytes) { _ in nil }
    default: return alt(bytes, isPause: isPause)
    }
  }

  /// A character, or a control character as the key that makes it.
  private func plain(_ bytes: ArraySlice<UInt8>) -> Step {
    let first = bytes[bytes.startIndex]
    let key: Key
    switch first {
    case 0x00: key = Key(" ", .control)
    case 0x08, 0x7F: key = Key(.backspace)
    case 0x09: key = Key(.tab)
    case 0x0A, 0x0D: key = Key(.enter)
    case 0x01...0x1A: key = Key(Character(UnicodeScalar(first + 0x60)), .control)
    case 0x1C...0x1F: key = Key(Character(UnicodeScalar(first + 0x40)), .control)
    case 0x20...0x7E: key = Key(Character(UnicodeScalar(first)))
    default: return unicode(bytes)
    }
    return .item(.event(.key(key)), length: 1)
  }

  private func unicode(_ bytes: ArraySlice<UInt8>) -> Step {
    let first = bytes[bytes.startIndex]
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    let isWhole = bytes.count >= length
    let tail = bytes.dropFirst().prefix(length - 1)
    guard 0xC2...0xF4 ~= first, tail.allSatisfy({ $0 & 0xC0 == 0x80 }) else {
      return .nothing(length: 1)
    }
    guard isWhole else { return .incomplete }
    let text = String(decoding: bytes.prefix(length), as: UTF8.self)
    guard let character = text.first, character != "\u{FFFD}" else {
      return .nothing(length: length)
    }
    return .item(.event(.key(Key(character))), length: length)
  }

  /// An escape character before any other key: Alt and that key.
  private mutating func alt(_ bytes: ArraySlice<UInt8>, isPause: Bool) -> Step {
    let rest = bytes.dropFirst()
    if rest.first == 0x1B && isPause && rest.count == 1 {
      return .item(.event(.key(Key(.escape))), length: 1)
    }
    // Two bytes and a pause: whatever the second would have begun, it is a character.
    let inner = isPause && bytes.count == 2 ? plain(rest) : step(rest, isPause: isPause)
    switch inner {
    case .item(.event(.key(var key)), let length):
      key.modifiers.insert(.alt)
      return .item(.event(.key(key)), length: length + 1)
    case .item(let item, let length): return .item(item, length: length + 1)
    case .nothing(let length): return .nothing(length: length + 1)
    case .incomplete: return .incomplete
    }
  }

  private mutating func controlSequence(_ bytes: ArraySlice<UInt8>) -> Step {
    let start = bytes.startIndex
    if bytes.count > 2, bytes[start + 2] == UInt8(ascii: "[") {
      guard bytes.count > 3 else { return .incomplete }
      return KeySequences.consoleFunctionKey(bytes[start + 3]).map {
        .item(.event(.key($0)), length: 4)
      } ?? .nothing(length: 4)
    }
    switch ControlSequence.scan(bytes) {
    case .incomplete: return .incomplete
    case .broken(let length): return .nothing(length: length)
    case .complete(let sequence, let length):
      if sequence.final == "M", sequence.prefix == nil {
        return oldMouseReport(bytes, sequence, length: length)
      }
      if sequence.final == "~", sequence.numbers == [200] {
        paste = []
        return .nothing(length: length)
      }
      return item(sequence).map { .item($0, length: length) } ?? .nothing(length: length)
    }
  }

  private func item(_ sequence: ControlSequence) -> Item? {
    let numbers = sequence.numbers
    switch (sequence.prefix, sequence.final) {
    case ("<", "M"), ("<", "m"):
      guard numbers.count == 3 else { return nil }
      return MouseEvent(
        code: numbers[0], column: numbers[1], row: numbers[2], isRelease: sequence.final == "m"
      ).map { .event(.mouse($0)) }
    case (nil, "I") where numbers.isEmpty: return .event(.focus(true))
    case (nil, "O") where numbers.isEmpty: return .event(.focus(false))
    default:
      if let reply = TerminalReply(sequence, expectsCursor: expectsCursor) { return .reply(reply) }
      return KeySequences.key(sequence).map { .event(.key($0)) }
    }
  }

  /// Reports without SGR numbers: `CSI M` and three bytes, each 32 more than its value.
  private func oldMouseReport(
    _ bytes: ArraySlice<UInt8>, _ sequence: ControlSequence, length: Int
  ) -> Step {
    guard sequence.numbers.isEmpty else { return .nothing(length: length) }
    guard bytes.count >= length + 3 else { return .incomplete }
    let values = bytes.dropFirst(length).prefix(3).map { Int($0) - 32 }
    return MouseEvent(code: values[0], column: values[1], row: values[2], isRelease: false).map {
      .item(.event(.mouse($0)), length: length + 3)
    } ?? .nothing(length: length + 3)
  }

  private func applicationKey(_ bytes: ArraySlice<UInt8>) -> Step {
    var index = bytes.startIndex + 2
    var modifiers = 1
    if index < bytes.endIndex, UInt8(ascii: "1")...UInt8(ascii: "9") ~= bytes[index] {
      modifiers = Int(bytes[index]) - 0x30
      index += 1
    }
    guard index < bytes.endIndex else { return .incomplete }
    let letter = Character(UnicodeScalar(bytes[index]))
    let length = index - bytes.startIndex + 1
    return KeySequences.applicationKey(letter, modifiers: Key.Modifiers(xterm: modifiers)).map {
      .item(.event(.key($0)), length: length)
    } ?? .nothing(length: length)
  }

  /// A string that ends with BEL or `ESC \`.
  private func string(
    _ bytes: ArraySlice<UInt8>, reply: (String) -> TerminalReply?
  ) -> Step {
    var index = bytes.startIndex + 2
    while index < bytes.endIndex {
      let byte = bytes[index]
      let isEscape = byte == 0x1B
      if isEscape && index + 1 == bytes.endIndex { return .incomplete }
      if byte == 0x07 || isEscape {
        let body = String(decoding: bytes[(bytes.startIndex + 2)..<index], as: UTF8.self)
        let isTerminated = !isEscape || bytes[index + 1] == UInt8(ascii: "\\")
        let length = index - bytes.startIndex + (isEscape && isTerminated ? 2 : isEscape ? 0 : 1)
        guard isTerminated, let reply = reply(body) else { return .nothing(length: length) }
        return .item(.reply(reply), length: length)
      }
      index += 1
    }
    return bytes.count > Self.longestString ? .nothing(length: bytes.count) : .incomplete
  }

  /// Moves bytes of a paste out of `rest`; the event when its end has come.
  private mutating func takePaste(_ rest: inout ArraySlice<UInt8>) -> Item? {
    let end = Self.pasteEnd
    var index = rest.startIndex
    while index < rest.endIndex {
      if rest[index] == 0x1B {
        let candidate = rest[index...].prefix(end.count)
        if candidate.elementsEqual(end) {
          paste?.append(contentsOf: rest[..<index])
          rest = rest[(index + end.count)...]
          defer { paste = nil }
          return .event(.paste(Self.pastedText(paste ?? [])))
        }
        if end.starts(with: candidate) { break }
      }
      index += 1
    }
    paste?.append(contentsOf: rest[..<index])
    rest = rest[index...]
    return nil
  }

  /// Terminals send carriage returns for line ends; other control characters have no place in a text.
  private static func pastedText(_ bytes: [UInt8]) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
      .replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 || $0 == "\n" || $0 == "\t" }
      ))
  }
}
