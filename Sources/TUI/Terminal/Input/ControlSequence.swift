/// A control sequence of ECMA-48 §5.4: `ESC [`, parameters, perhaps an intermediate byte, a final byte.
struct ControlSequence: Equatable {
  /// One of `<=>?` before the parameters: the sequence is a private one.
  var prefix: Character?
  /// The first number of each parameter; 0 where it is left out.
  var numbers: [Int]
  var intermediate: Character?
  var final: Character

  /// How far a text of bytes is a control sequence.
  enum Scan: Equatable {
    case complete(ControlSequence, length: Int)
    case incomplete
    /// Not one: the byte at that place does not belong into it.
    case broken(length: Int)
  }

  /// Reads the sequence whose introducer `ESC [` stands at the start of `bytes`.
  static func scan(_ bytes: ArraySlice<UInt8>) -> Scan {
    var index = bytes.startIndex + 2
    var parameters: [UInt8] = []
    var intermediates: [UInt8] = []
    while index < bytes.endIndex {
      let byte = bytes[index]
      switch byte {
      case 0x30...0x3F where intermediates.isEmpty: parameters.append(byte)
      case 0x20...0x2F: intermediates.append(byte)
      case 0x40...0x7E:
        let sequence = ControlSequence(parameters, intermediates.first, final: byte)
        return .complete(sequence, length: index - bytes.startIndex + 1)
      default: return .broken(length: index - bytes.startIndex)
      }
      index += 1
      if parameters.count > 64 { return .broken(length: index - bytes.startIndex) }
    }
    return .incomplete
  }

  private init(_ parameters: [UInt8], _ intermediate: UInt8?, final: UInt8) {
    var rest = parameters[...]
    if let first = rest.first, 0x3C...0x3F ~= first {
      prefix = Character(UnicodeScalar(first))
      rest = rest.dropFirst()
    }
    numbers = rest.split(separator: 0x3B, omittingEmptySubsequences: false).map { parameter in
      // Sub-parameters, after a colon, refine a number; none of ours has them.
      parameter.prefix { $0 != 0x3A }.reduce(0) { min(1 << 20, $0 * 10 + Int($1) - 0x30) }
    }
    if rest.isEmpty { numbers = [] }
    self.intermediate = intermediate.map { Character(UnicodeScalar($0)) }
    self.final = Character(UnicodeScalar(final))
  }
}
