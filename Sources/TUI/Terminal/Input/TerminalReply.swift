import Core

/// What a terminal answers when it is asked about itself.
enum TerminalReply: Equatable, Sendable {
  /// DA1: the answer that every terminal gives, so the last question of a probe.
  case deviceAttributes
  /// The colour behind the text (OSC 11).
  case background(RGB)
  /// The program's name and version (XTVERSION).
  case program(String)
  /// A cell's size in pixels (CSI 16 t).
  case cellPixels(width: Int, height: Int)
  /// The text area's size in pixels (CSI 14 t).
  case areaPixels(width: Int, height: Int)
  /// Where the cursor stands (CPR), from 0.
  case cursor(column: Int, row: Int)
  /// The colours and attributes in force (DECRQSS m).
  case rendition(String)
  /// Whether frames can be shown in one piece (DECRQM 2026).
  case synchronizedOutput(Bool)
  /// Everything sent before has been dealt with (DSR 5).
  case ready
}

extension TerminalReply {
  /// The reply in an operating system command, without its introducer and terminator.
  init?(operatingSystemCommand body: String) {
    guard body.hasPrefix("11;"), let colour = RGB(terminalColour: body.dropFirst(3)) else {
      return nil
    }
    self = .background(colour)
  }

  /// The reply in a device control string, without its introducer and terminator.
  init?(deviceControl body: String) {
    if body.hasPrefix(">|") {
      self = .program(String(body.dropFirst(2)))
    } else if body.hasPrefix("1$r"), body.hasSuffix("m") {
      self = .rendition(String(body.dropFirst(3).dropLast()))
    } else {
      return nil
    }
  }

  /// The reply in a control sequence; `expectsCursor` tells a cursor position from F3 with modifiers.
  init?(_ sequence: ControlSequence, expectsCursor: Bool) {
    let numbers = sequence.numbers
    switch (sequence.prefix, sequence.intermediate, sequence.final) {
    case ("?", nil, "c"): self = .deviceAttributes
    case (nil, nil, "n") where numbers == [0]: self = .ready
    case (nil, nil, "t") where numbers.count == 3 && numbers[0] == 6:
      self = .cellPixels(width: numbers[2], height: numbers[1])
    case (nil, nil, "t") where numbers.count == 3 && numbers[0] == 4:
      self = .areaPixels(width: numbers[2], height: numbers[1])
    case (nil, nil, "R") where expectsCursor && numbers.count == 2:
      self = .cursor(column: numbers[1] - 1, row: numbers[0] - 1)
    case ("?", "$", "y") where numbers.count == 2 && numbers[0] == 2026:
      self = .synchronizedOutput(numbers[1] == 1 || numbers[1] == 2)
    default: return nil
    }
  }
}

extension RGB {
  /// A colour as X writes it: `rgb:rrrr/gggg/bbbb` with 1 to 4 digits a channel, `rgba:…`, or `#rrggbb`.
  init?(terminalColour text: some StringProtocol) {
    func channel(_ digits: some StringProtocol) -> UInt8? {
      guard 1...4 ~= digits.count, let value = Int(digits, radix: 16) else { return nil }
      let largest = 1 << (4 * digits.count) - 1
      return UInt8((value * 255 + largest / 2) / largest)
    }
    var parts: [UInt8?] = []
    if text.hasPrefix("rgb:") || text.hasPrefix("rgba:") {
      parts = text.drop { $0 != ":" }.dropFirst().split(separator: "/").map(channel)
    } else if text.hasPrefix("#"), text.count == 7 {
      let digits = Array(text.dropFirst())
      parts = [0, 2, 4].map { channel(String(digits[$0...($0 + 1)])) }
    }
    guard parts.count >= 3, let red = parts[0], let green = parts[1], let blue = parts[2] else {
      return nil
    }
    self.init(red, green, blue)
  }
}
