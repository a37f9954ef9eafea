/// Which keys the control sequences of xterm, VTE, rxvt, tmux, screen, PuTTY and the Linux console stand for.
enum KeySequences {
  /// The key of a control sequence.
  static func key(_ sequence: ControlSequence) -> Key? {
    guard sequence.prefix == nil, sequence.intermediate == nil else { return nil }
    let numbers = sequence.numbers
    let modifiers = Key.Modifiers(xterm: numbers.count > 1 ? numbers[1] : 1)
    switch sequence.final {
    case "~":
      // xterm's modifyOtherKeys: 27; modifiers; character.
      if numbers.first == 27, numbers.count == 3 { return key(character: numbers[2], modifiers) }
      return numbers.first.flatMap(numbered).map { Key($0, modifiers) }
    case "^": return numbers.first.flatMap(numbered).map { Key($0, .control) }
    case "@": return numbers.first.flatMap(numbered).map { Key($0, [.control, .shift]) }
    case "u": return numbers.first.flatMap { key(character: $0, modifiers) }
    case "Z": return Key(.backTab, modifiers.subtracting(.shift))
    case "a", "b", "c", "d":
      return arrow(Character(sequence.final.uppercased())).map { Key($0, .shift) }
    case let final: return letter(final).map { Key($0, modifiers) }
    }
  }

  /// The key of the letter after `ESC O`, with the modifiers that some terminals put between.
  static func applicationKey(_ letter: Character, modifiers: Key.Modifiers) -> Key? {
    if let code = self.letter(letter) { return Key(code, modifiers) }
    switch letter {
    case "M": return Key(.enter, modifiers)
    case "I": return Key(.tab, modifiers)
    case "a", "b", "c", "d":
      return arrow(Character(letter.uppercased())).map { Key($0, .control) }
    case "j"..."y":
      // The numeric keypad: j * k + l , m - n . o / p 0 … y 9.
      let digits = Array("*+,-./0123456789")
      guard let code = letter.asciiValue else { return nil }
      return Key(digits[Int(code) - 0x6A], modifiers)
    default: return nil
    }
  }

  /// F1 … F5 of the Linux console: `ESC [ [ A` … `E`.
  static func consoleFunctionKey(_ letter: UInt8) -> Key? {
    0x41...0x45 ~= letter ? Key(.function(Int(letter) - 0x40)) : nil
  }

  private static func arrow(_ letter: Character) -> Key.Code? {
    switch letter {
    case "A": .up
    case "B": .down
    case "C": .right
    case "D": .left
    default: nil
    }
  }

  private static func letter(_ letter: Character) -> Key.Code? {
    switch letter {
    case "H": .home
    case "F": .end
    case "P": .function(1)
    case "Q": .function(2)
    case "R": .function(3)
    case "S": .function(4)
    default: arrow(letter)
    }
  }

  private static func numbered(_ number: Int) -> Key.Code? {
    switch number {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case 11...15: .function(number - 10)
    case 17...21: .function(number - 11)
    case 23...26: .function(number - 12)
    case 28, 29: .function(number - 13)
    case 31...34: .function(number - 14)
    default: nil
    }
  }

  private static func key(character number: Int, _ modifiers: Key.Modifiers) -> Key? {
    switch number {
    case 9:
      return modifiers.contains(.shift)
        ? Key(.backTab, modifiers.subtracting(.shift)) : Key(.tab, modifiers)
    case 13: return Key(.enter, modifiers)
    case 27: return Key(.escape, modifiers)
    case 8, 127: return Key(.backspace, modifiers)
    default:
      guard number >= 32, let scalar = UnicodeScalar(UInt32(number)) else { return nil }
      // What a shifted character is, the terminal has already worked out.
      return Key(Character(scalar), modifiers.subtracting(.shift))
    }
  }
}
