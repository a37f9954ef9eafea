/// Keys while a dialog is open: typing, choosing, running.
enum DialogUpdate {
  static func press(_ state: inout ExplorerState, _ key: Key) -> [ExplorerEffect] {
    if key == Key("c", .control) { return [.save, .quit] }
    switch state.dialog {
    case .none: return []
    case .help(let filter, let selection): return help(&state, key, filter, selection)
    case .palette(let text, let selection): return palette(&state, key, text, selection)
    case .filter(let previous): return self.filter(&state, key, previous)
    case .corruption(let selection): return AlterationUpdate.corruption(&state, key, selection)
    case .parts(let selection): return AlterationUpdate.parts(&state, key, selection)
    }
  }

  private static func help(
    _ state: inout ExplorerState, _ key: Key, _ filter: String, _ selection: Int
  ) -> [ExplorerEffect] {
    let found = CommandRegistry.matching(filter)
    switch key.code {
    case .escape: state.dialog = .none
    case .up: state.dialog = .help(filter: filter, selection: max(0, selection - 1))
    case .down:
      state.dialog = .help(filter: filter, selection: max(0, min(found.count - 1, selection + 1)))
    case .pageUp: state.dialog = .help(filter: filter, selection: max(0, selection - 10))
    case .pageDown:
      state.dialog = .help(filter: filter, selection: max(0, min(found.count - 1, selection + 10)))
    case .enter:
      state.dialog = .none
      if found.indices.contains(selection) { return found[selection].perform(&state, "") }
    default:
      if let text = edited(filter, by: key) { state.dialog = .help(filter: text, selection: 0) }
    }
    return []
  }

  /// The commands that a line of the palette may mean; once an argument has begun, those of the word before it.
  static func completions(of text: String) -> [ExplorerCommand] {
    let word = word(of: text)
    if text.contains(" "), let command = CommandRegistry.command(named: word) { return [command] }
    return CommandRegistry.matching(text)
  }

  private static func word(of text: String) -> String {
    String(text.split(separator: " ", maxSplits: 1).first ?? "")
  }

  private static func palette(
    _ state: inout ExplorerState, _ key: Key, _ text: String, _ selection: Int
  ) -> [ExplorerEffect] {
    let word = word(of: text)
    let found = completions(of: text)
    switch key.code {
    case .escape: state.dialog = .none
    case .up where text.isEmpty && !state.history.isEmpty:
      state.dialog = .palette(text: state.history.last ?? "", selection: 0)
    case .up: state.dialog = .palette(text: text, selection: max(0, selection - 1))
    case .down:
      state.dialog = .palette(text: text, selection: max(0, min(found.count - 1, selection + 1)))
    case .tab:
      if found.indices.contains(selection) {
        let suffix = found[selection].argument == nil ? "" : " "
        state.dialog = .palette(text: found[selection].name + suffix, selection: 0)
      }
    case .enter:
      state.dialog = .none
      let command = CommandRegistry.command(named: word)
      guard let chosen = command ?? (found.indices.contains(selection) ? found[selection] : nil)
      else {
        state.complain("there is no command \(word)")
        return []
      }
      let argument = command == nil ? "" : String(text.dropFirst(word.count + 1))
      state.history.append(argument.isEmpty ? chosen.name : "\(chosen.name) \(argument)")
      return chosen.perform(&state, argument)
    default:
      if let text = edited(text, by: key) { state.dialog = .palette(text: text, selection: 0) }
    }
    return []
  }

  private static func filter(_ state: inout ExplorerState, _ key: Key, _ previous: String)
    -> [ExplorerEffect]
  {
    switch key.code {
    case .escape:
      state.dialog = .none
      return state.open { $0.setFilter(previous) }
    case .enter:
      state.dialog = .none
      return []
    case .up: return state.open { $0.move(by: -1) }
    case .down: return state.open { $0.move(by: 1) }
    default:
      guard let text = edited(state.gallery.filter, by: key) else { return [] }
      return state.open { $0.setFilter(text) }
    }
  }

  /// A line of text after a key, `nil` where the key does not edit.
  private static func edited(_ text: String, by key: Key) -> String? {
    switch key.code {
    case .backspace: String(text.dropLast())
    case .character(let character) where key.modifiers.isEmpty: text + String(character)
    case .character("u") where key.modifiers == .control: ""
    default: nil
    }
  }
}
