/// Why a recipe cannot be used.
public enum RecipeFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file cannot be read, or there is neither a file nor a known recipe of this name.
  case unreadable(FileFailure)
  /// The file is neither YAML nor JSON.
  case notYAML(path: String, YAMLFailure)
  /// Keys or values are wrong; a sentence for each.
  case problems(path: String, [String])

  /// What is wrong, everything at once, and the remedy.
  public var description: String {
    switch self {
    case .unreadable(let failure):
      "\(failure); give a recipe file or one of \(Self.names)"
    case .notYAML(let path, let failure): "\(path): \(failure)"
    case .problems(let path, let problems):
      "\(path) has \(problems.count == 1 ? "1 problem" : "\(problems.count) problems"):"
        + problems.map { "\n  \($0)" }.joined()
        + "\ncorrect the recipe; docs/training.md lists the keys"
    }
  }

  /// The names of the known recipes.
  static var names: String { Recipe.known.map(\.name).joined(separator: ", ") }
}
