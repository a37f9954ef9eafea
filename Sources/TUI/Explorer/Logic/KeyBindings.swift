/// Which key runs which command: the registry's keys with the user's changes.
struct KeyBindings: Sendable, Equatable {
  private let keysOfName: [String: [Key]]
  private let nameOfKey: [Key: String]
  /// The keys that come first in a mode.
  private let nameOfModeKey: [ExplorerCommand.Mode: [Key: String]]

  /// The registry's own keys.
  static let standard = KeyBindings([:])

  /// The registry's keys, but for the commands in `changes`, which have the keys given there alone.
  ///
  /// A key that is given to a command is taken from the one that has it by default.
  init(_ changes: [String: [Key]]) {
    func keys(in mode: ExplorerCommand.Mode?) -> [(name: String, keys: [Key])] {
      let commands = CommandRegistry.all.filter { $0.mode == mode }
      let taken = Set(commands.compactMap { changes[$0.name] }.joined())
      return commands.map { ($0.name, changes[$0.name] ?? $0.keys.filter { !taken.contains($0) }) }
    }
    func names(_ keysOfName: [(name: String, keys: [Key])]) -> [Key: String] {
      Dictionary(
        keysOfName.flatMap { name, keys in keys.map { ($0, name) } },
        uniquingKeysWith: { first, _ in first })
    }
    let modes = ExplorerCommand.Mode.allCases
    let own = modes.map { keys(in: $0) }
    let everywhere = keys(in: nil)
    keysOfName = Dictionary(
      (everywhere + own.joined()).map { ($0.name, $0.keys) },
      uniquingKeysWith: { first, _ in first })
    nameOfKey = names(everywhere)
    nameOfModeKey = Dictionary(uniqueKeysWithValues: zip(modes, own.map(names)))
  }

  /// The command of a key, if there is one.
  func command(for key: Key, in mode: ExplorerCommand.Mode? = nil) -> ExplorerCommand? {
    (mode.flatMap { nameOfModeKey[$0]?[key] } ?? nameOfKey[key]).flatMap(
      CommandRegistry.command(named:))
  }

  /// The keys of a command, the one for hints first.
  func keys(of name: String) -> [Key] { keysOfName[name] ?? [] }
}
