extension CommandRegistry {
  /// The table of all commands that stands in `docs/keys.md`; `hfgd explore --keys` prints it.
  static var markdown: String {
    let chapters = ExplorerCommand.Group.allCases.map { group in
      let rows = all.filter { $0.group == group }.map { command in
        let keys = command.keys.map { "`\($0.description)`" }.joined(separator: " ")
        let name = command.name + (command.argument.map { " \($0)" } ?? "")
        return "| \(keys.replacing("|", with: "\\|")) | \(command.title) | `\(name)` |"
      }
      return (["## \(group.rawValue)", "", "| keys | does | command |", "|---|---|---|"] + rows)
        .joined(separator: "\n")
    }
    return """
      # Keys and commands of the explorer

      `?` lists them in the program, where they can be searched and run; `:` takes a command by name. The mouse selects, points,
      zooms with the wheel at the pointer, and drags pictures and the divider. These are the keys as they come; `keys` in the
      [settings](settings.md) changes them.

      \(chapters.joined(separator: "\n\n"))

      """
  }
}
