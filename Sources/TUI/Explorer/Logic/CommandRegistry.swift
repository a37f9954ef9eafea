/// All commands of the explorer, chapter by chapter.
enum CommandRegistry {
  static let all: [ExplorerCommand] =
    browseCommands + viewCommands + moveCommands + compareCommands + classCommands
    + confusionCommands + tokenCommands + whatIfCommands + similarityCommands + guidanceCommands
    + featureCommands + alterationCommands + reinferenceCommands
    + programCommands

  /// The command of a name, if there is one.
  static func command(named name: String) -> ExplorerCommand? { all.first { $0.name == name } }

  /// The commands whose name or title holds every word of `text`, those whose name begins with it first.
  ///
  /// All of them, chapter by chapter, for an empty text.
  static func matching(_ text: String) -> [ExplorerCommand] {
    if text.isEmpty {
      return ExplorerCommand.Group.allCases.flatMap { group in all.filter { $0.group == group } }
    }
    let words = text.lowercased().split(separator: " ").map(String.init)
    let found = all.filter { command in
      let haystack = (command.name + " " + command.title).lowercased()
      return words.allSatisfy(haystack.contains)
    }
    let first = words.first ?? ""
    return found.filter { $0.name.hasPrefix(first) } + found.filter { !$0.name.hasPrefix(first) }
  }
}
