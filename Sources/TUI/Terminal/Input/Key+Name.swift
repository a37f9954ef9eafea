extension Key.Modifiers {
  /// The modifiers in xterm's numbering, which is one more than the sum of shift 1, alt 2, control 4 and meta 8.
  init(xterm parameter: Int) {
    let bits = max(0, parameter - 1)
    self = []
    if bits & 1 != 0 { insert(.shift) }
    if bits & 0b1010 != 0 { insert(.alt) }
    if bits & 4 != 0 { insert(.control) }
  }
}

/// Keys have names for the help, for scripts and for configuration files: `q`, `Space`, `Ctrl-x`, `Shift-Tab`, `F1`.
extension Key: CustomStringConvertible {
  private static let names: [(name: String, code: Code)] = [
    ("Enter", .enter), ("Tab", .tab), ("Shift-Tab", .backTab), ("Esc", .escape),
    ("Backspace", .backspace), ("Insert", .insert), ("Delete", .delete), ("Home", .home),
    ("End", .end), ("PgUp", .pageUp), ("PgDn", .pageDown), ("Up", .up), ("Down", .down),
    ("Left", .left), ("Right", .right), ("Space", .character(" ")),
  ]

  private static let prefixes: [(name: String, modifier: Modifiers)] = [
    ("Ctrl-", .control), ("Alt-", .alt), ("Shift-", .shift),
  ]

  /// The key's name, which `init(_:)` understands.
  var description: String {
    let prefix = Key.prefixes.filter { modifiers.contains($0.modifier) }.map(\.name).joined()
    if let name = Key.names.first(where: { $0.code == code })?.name { return prefix + name }
    switch code {
    case .character(let character): return prefix + String(character)
    case .function(let number): return prefix + "F\(number)"
    default: return prefix
    }
  }

  /// The key of that name; `nil` for a text that names none.
  init?(named name: String) {
    var rest = Substring(name)
    var modifiers: Modifiers = []
    while true {
      if let code = Key.names.first(where: { $0.name == rest })?.code {
        self.init(code, modifiers)
        return
      }
      guard
        let prefix = Key.prefixes.first(where: {
          rest.hasPrefix($0.name) && rest.count > $0.name.count
        })
      else { break }
      modifiers.insert(prefix.modifier)
      rest = rest.dropFirst(prefix.name.count)
    }
    if rest.count == 1, let character = rest.first {
      self.init(character, modifiers)
    } else if rest.first == "F", let number = Int(rest.dropFirst()), 1...35 ~= number {
      self.init(.function(number), modifiers)
    } else {
      return nil
    }
  }
}
