/// One thing that the explorer can do: the source of keys, help, palette, scripts and `docs/keys.md`.
struct ExplorerCommand: Sendable {
  /// The word of the palette and of scripts, such as `view.next`.
  let name: String
  /// What it does, for the help.
  let title: String
  /// Where the help lists it.
  let group: Group
  /// The keys that it answers to unless the user has changed them; the first one is shown in hints.
  let keys: [Key]
  /// What the word takes after it in the palette and in scripts, such as "NUMBER".
  let argument: String?
  /// What its keys are for alone, where they come before all others; `nil` for everywhere.
  let mode: Mode?
  /// Changes the state and says what is to be done in the world.
  let perform: @Sendable (inout ExplorerState, _ argument: String) -> [ExplorerEffect]

  init(
    _ name: String, _ title: String, _ group: Group, _ keys: [Key], takes argument: String? = nil,
    in mode: Mode? = nil,
    _ perform: @escaping @Sendable (inout ExplorerState, _ argument: String) -> [ExplorerEffect]
  ) {
    self.name = name
    self.title = title
    self.group = group
    self.keys = keys
    self.argument = argument
    self.mode = mode
    self.perform = perform
  }

  /// Something that has keys of its own while it is open.
  enum Mode: Sendable, CaseIterable {
    /// The images of a confusion; the token bench.
    case walk, tokens
    /// The sliders of the class tokens, while they have the keys.
    case whatIf
  }

  /// The chapters of the help.
  enum Group: String, Sendable, CaseIterable {
    case browse = "Browse"
    case view = "View"
    case move = "Zoom and move"
    case compare = "Compare"
    case classes = "Classes"
    case confusion = "Confusion"
    case tokens = "Token bench"
    case whatIf = "What if"
    case lenses = "Lenses"
    case program = "Program"
  }
}

extension Key {
  /// The key as help and hints write it.
  var label: String {
    let name =
      switch code {
      case .character(" "): "Space"
      case .character(let character): String(character)
      case .enter: "Enter"
      case .tab: "Tab"
      case .backTab: "⇧Tab"
      case .escape: "Esc"
      case .backspace: "⌫"
      case .delete: "Del"
      case .insert: "Ins"
      case .up: "↑"
      case .down: "↓"
      case .left: "←"
      case .right: "→"
      case .home: "Home"
      case .end: "End"
      case .pageUp: "PgUp"
      case .pageDown: "PgDn"
      case .function(let n): "F\(n)"
      }
    return (modifiers.contains(.control) ? "Ctrl-" : "") + (modifiers.contains(.alt) ? "Alt-" : "")
      + (modifiers.contains(.shift) ? "⇧" : "") + name
  }
}
