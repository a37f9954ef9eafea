/// Which key runs which command: the registry's keys with the user's changes.
struct KeyBindings: Sendable, Equatable {
  private let keysOfName: [String: [Key]]
  private let nameOfKey: [Key: String]
  /// The keys that come first among the images of a confusion.
  private let nameOfWalkKey: [Key: String]

  /// The registry's own keys.
  static let standard = KeyBindings([:])

  /// The registry's keys, but for the commands in `changes`, which have the keys given there alone.
  ///
  /// A key that is given to a command is taken from the one that has it by default.
  init(_ changes: [String: [Key]]) {
    let keys = [false, true].map { isForWalk in
      let commands = CommandRegistry.all.filter { $0.isForWalk == isForWalk }
      let taken = Set(commands.compactMap { changes[$0.name] }.joined())
      return commands.map { ($0.name, changes[$0.name] ?? $0.keys.filter { !taken.contains($0) }) }
    }
    func names(_ keysOfName: [(String, [Key])]) -> [Key: String] {
      Dictionary(
        keysOfName.flatMap { name, keys in keys.map { ($0, name) } },
        uniquingKeysWith: { first, _ in first })
    }
    keysOfName = Dictionary(keys.joined(), uniquingKeysWith: { first, _ in first })
    (nameOfKey, nameOfWalkKey) = (names(keys[0]), names(keys[1]))
  }

  /// The command of a key, if there is one.
  func command(for key: Key, isWalking: Bool = false) -> ExplorerCommand? {
    ((isWalking ? nameOfWalkKey[key] : nil) ?? nameOfKey[key]).flatMap(
      CommandRegistry.command(named:))
  }

  /// The keys of a command, the one for hints first.
  func keys(of name: String) -> [Key] { keysOfName[name] ?? [] }
}
