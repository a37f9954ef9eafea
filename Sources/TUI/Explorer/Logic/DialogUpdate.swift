import Foundation

/// Keys while a dialog is open: typing, choosing, running.
enum DialogUpdate {
  static func press(_ state: inout ExplorerState, _ key: Key) -> [ExplorerEffect] {
    if key == Key("c", .control) { return [.save, .quit] }
    switch state.dialog {
    case .none: return []
    case .help(let filter, let selection): return help(&state, key, filter, selection)
    case .palette(let palette): return self.palette(&state, key, palette)
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

  /// The commands that a line of the palette may mean, the one of its very name first; once an argument has begun, that
  /// one alone.
  static func completions(of text: String) -> [ExplorerCommand] {
    let (word, _) = parts(of: text)
    let found = CommandRegistry.matching(text)
    guard let command = CommandRegistry.command(named: word) else { return found }
    if text.drop(while: { $0 == " " }).contains(" ") { return [command] }
    return [command] + found.filter { $0.name != word }
  }

  /// The word that a line begins with, and what follows it, without the blanks around them.
  private static func parts(of text: String) -> (word: String, argument: String) {
    let line = text.drop { $0 == " " }
    let word = line.prefix { $0 != " " }
    return (String(word), line.dropFirst(word.count).trimmingCharacters(in: .whitespaces))
  }

  private static func palette(
    _ state: inout ExplorerState, _ key: Key, _ palette: ExplorerState.Palette
  ) -> [ExplorerEffect] {
    let found = completions(of: palette.text)
    func choose(_ place: Int) {
      let place = max(0, min(found.count - 1, place))
      state.dialog = .palette(
        ExplorerState.Palette(text: palette.text, selection: place, isChosen: true))
    }
    switch key.code {
    case .escape: state.dialog = .none
    case .up where palette.isAtHistory && !state.history.isEmpty:
      let past = max(0, (palette.past ?? state.history.count) - 1)
      state.dialog = .palette(ExplorerState.Palette(text: state.history[past], past: past))
    case .down where palette.past != nil:
      let past = (palette.past ?? 0) + 1
      let isThere = state.history.indices.contains(past)
      state.dialog = .palette(
        isThere ? ExplorerState.Palette(text: state.history[past], past: past) : .init())
    case .up: choose(palette.selection - 1)
    case .down: choose(palette.selection + 1)
    case .tab:
      if found.indices.contains(palette.selection) {
        let command = found[palette.selection]
        let suffix = command.argument == nil ? "" : " "
        state.dialog = .palette(ExplorerState.Palette(text: command.name + suffix))
      }
    case .enter:
      state.dialog = .none
      return run(palette, found, on: &state)
    default:
      if let text = edited(palette.text, by: key) {
        state.dialog = .palette(ExplorerState.Palette(text: text))
      }
    }
    return []
  }

  /// Runs the command that is highlighted, with the argument that was typed after its name.
  private static func run(
    _ palette: ExplorerState.Palette, _ found: [ExplorerCommand], on state: inout ExplorerState
  ) -> [ExplorerEffect] {
    let (word, argument) = parts(of: palette.text)
    guard found.indices.contains(palette.selection) else {
      state.complain("there is no command \(word)")
      return []
    }
    let command = found[palette.selection]
    let given = command.name == word ? argument : ""
    state.history.append(given.isEmpty ? command.name : "\(command.name) \(given)")
    state.history.removeFirst(max(0, state.history.count - ExplorerState.historyLimit))
    return command.perform(&state, given)
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

extension ExplorerState.Palette {
  /// Whether arrows go through the lines of before: nothing is typed and nothing chosen, or such a line stands there.
  fileprivate var isAtHistory: Bool { past != nil || text.isEmpty && !isChosen }
}
