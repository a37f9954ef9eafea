/// A compiled description of a terminal, as in term(5): booleans, numbers and strings by position, and named extensions.
///
/// Reading accepts both number widths; writing always uses 32 bits, so that 24-bit colours fit.
struct TerminfoEntry: Equatable, Sendable {
  /// Names separated by `|`, the last one a description.
  var names: [UInt8]
  var booleans: [Bool]
  /// -1 where absent.
  var numbers: [Int32]
  var strings: [[UInt8]?]
  /// Capabilities that the standard does not know, sorted by name within each kind.
  var extensions: Extensions

  struct Extensions: Equatable, Sendable {
    var booleans: [String: Bool] = [:]
    var numbers: [String: Int32] = [:]
    var strings: [String: [UInt8]] = [:]

    var isEmpty: Bool { booleans.isEmpty && numbers.isEmpty && strings.isEmpty }
  }

  /// Positions in `booleans`.
  enum Flag: Int {
    case canChangeColours = 27
  }

  /// Positions in `numbers`.
  enum Number: Int {
    case colours = 13
    case pairs = 14
  }

  /// Positions in `strings`.
  enum Text: Int {
    case clearScreen = 5
    case cursorAddress = 10
    case cursorInvisible = 13
    case cursorNormal = 16
    case enterFullScreen = 28
    case resetAttributes = 39
    case exitFullScreen = 40
    case keypadLocal = 88
    case originalColours = 298
    case initializeColour = 299
    case initializePair = 300
    case setForeground = 302
    case setBackground = 303
    case setANSIForeground = 359
    case setANSIBackground = 360
  }

  subscript(flag: Flag) -> Bool {
    get { flag.rawValue < booleans.count && booleans[flag.rawValue] }
    set {
      pad(&booleans, to: flag.rawValue, with: false)
      booleans[flag.rawValue] = newValue
    }
  }

  subscript(number: Number) -> Int32 {
    get { number.rawValue < numbers.count ? numbers[number.rawValue] : -1 }
    set {
      pad(&numbers, to: number.rawValue, with: -1)
      numbers[number.rawValue] = newValue
    }
  }

  subscript(text: Text) -> [UInt8]? {
    get { text.rawValue < strings.count ? strings[text.rawValue] : nil }
    set {
      pad(&strings, to: text.rawValue, with: nil)
      strings[text.rawValue] = newValue
    }
  }

  private func pad<Element>(_ values: inout [Element], to index: Int, with filler: Element) {
    let missing = index + 1 - values.count
    if missing > 0 { values += [Element](repeating: filler, count: missing) }
  }

  /// Whether colours are given to the terminal as 24-bit values.
  var isDirectColour: Bool {
    self[.colours] >= 1 << 24 || extensions.booleans["RGB"] == true
      || extensions.numbers["RGB"] != nil || extensions.strings["RGB"] != nil
  }

  /// Whether somebody has marked the entry as that of a terminal that knows 24-bit colours (tmux's and kitty's `Tc`).
  var promisesTrueColour: Bool { isDirectColour || extensions.booleans["Tc"] == true }

  /// A string capability without the delays `$<…>` that it may hold, which no terminal of today needs.
  func plainText(_ text: Text) -> [UInt8] {
    var result: [UInt8] = []
    var rest = (self[text] ?? [])[...]
    while let byte = rest.first {
      if rest.starts(with: "$<".utf8), let end = rest.firstIndex(of: UInt8(ascii: ">")) {
        rest = rest[(end + 1)...]
      } else {
        result.append(byte)
        rest = rest.dropFirst()
      }
    }
    return result
  }
}

/// Why bytes are no compiled terminal description.
enum TerminfoFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The first two bytes are those of no known format.
  case foreignFormat(magic: Int)
  /// The bytes end before the part named, or it points outside of them.
  case truncated(part: String)

  var description: String {
    switch self {
    case .foreignFormat(let magic):
      "expected a compiled terminfo entry, found magic number \(magic); recompile it with tic"
    case .truncated(let part):
      "the compiled terminfo entry ends within its \(part); recompile it with tic"
    }
  }
}
