/// Which key runs which command: the registry's keys with the user's changes.
struct KeyBindings: Sendable, Equatable {
  private let keysOfName: [String: [Key]]
  private let nameOfKey: [Key: String]

  /// The registry's own keys.
  static let standard = KeyBindings([:])

  /// The registry's keys, but for the commands in `changes`, which have the keys given there alone.
  ///
  /// A key that is given to a command is taken from the one that has it by default.
  init(_ changes: [String: [Key]]) {
    let taken = Set(changes.values.joined())
    keysOfName = Dictionary(
      CommandRegistry.all.map { command in
        (command.name, changes[command.name] ?? command.keys.filter { !taken.contains($0) })
      }, uniquingKeysWith: { first, _ in first })
    nameOfKey = Dictionary(
      keysOfName.flatMap { name, keys in keys.map { ($0, name) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// The command of a key, if there is one.
  func command(for key: Key) -> ExplorerCommand? {
    nameOfKey[key].flatMap(CommandRegistry.command(named:))
  }

  /// The keys of a command, the one for hints first.
  func keys(of name: String) -> [Key] { keysOfName[name] ?? [] }
}
