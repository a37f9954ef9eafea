/// Commands to be replayed, one a line: what one types after `:`, `key NAME` for a key, `wait` until all is worked out.
///
/// Empty lines and lines that begin with `#` are left out. A script is read as a whole before anything of it runs.
struct ExplorerScript: Sendable {
  /// One line.
  enum Step: Sendable {
    case command(name: String, argument: String)
    case key(Key)
    case wait
  }

  let steps: [Step]

  /// The script that `text` spells.
  init(_ text: String) throws(ScriptFailure) {
    var steps: [Step] = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      guard let name = words.first, !name.hasPrefix("#") else { continue }
      let argument = words.count > 1 ? words[1] : ""
      switch name {
      case "wait": steps.append(.wait)
      case "key":
        guard let key = Key(named: argument) else {
          throw ScriptFailure(
            line: number + 1, found: argument, expected: "a key such as q, Enter or Ctrl-x")
        }
        steps.append(.key(key))
      default:
        guard CommandRegistry.command(named: name) != nil else {
          throw ScriptFailure(
            line: number + 1, found: name,
            expected: "wait, key NAME or a command of hfgd explore --keys")
        }
        steps.append(.command(name: name, argument: argument))
      }
    }
    self.steps = steps
  }
}

/// A line of a script that means nothing.
struct ScriptFailure: Error, Equatable, CustomStringConvertible {
  let line: Int
  let found, expected: String

  var description: String {
    "line \(line) of the script: expected \(expected), found \"\(found.printable)\"; correct it"
  }
}
