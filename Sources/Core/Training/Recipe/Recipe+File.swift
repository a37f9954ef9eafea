extension Recipe {
  /// Recipes are a page of text; anything larger is another file.
  private static let maximumBytes = 1 << 16

  /// The known recipe called `name`, or else the one in the file at that path.
  public init(_ name: String) throws(RecipeFailure) {
    if let known = Self.known.first(where: { $0.name == name }) {
      self = known
    } else {
      try self.init(file: name)
    }
  }

  /// The recipe in the YAML or JSON file at `path`, which changes some keys of the recipe that its `base` names, or of
  /// `plain`.
  public init(file path: String) throws(RecipeFailure) {
    let json = try JSON(yamlFile: path, maxBytes: Self.maximumBytes)
    try self.init(json, path: path)
    if json["name"] == nil { name = path.fileName.withoutExtension }
  }

  /// The recipe that `json` describes, whose messages call it `path`: of a file, or ``json`` of a checkpoint.
  public init(_ json: JSON, path: String) throws(RecipeFailure) {
    var reader = ConfigurationReader(json, path: "")
    let names = RecipeFailure.names
    self = reader.optional("base", "one of \(names)", default: .plain) { json in
      Self.known.first { $0.name == json.string }
    }
    take(from: &reader)
    reader.finish()
    guard reader.problems.isEmpty else { throw .problems(path: path, reader.problems) }
  }

  /// This recipe with other values, written as in a file, for some keys: what a command line asks for.
  public func changed(by values: [(key: String, value: String)]) throws(RecipeFailure) -> Recipe {
    let path = "the recipe's changes"
    var members: [JSON.Member] = []
    for (key, text) in values {
      do { members.append(JSON.Member(key, try JSON(yaml: text))) } catch {
        throw .notYAML(path: "\(path), \(key)", error)
      }
    }
    var changed = self
    var reader = ConfigurationReader(.object(members))
    changed.take(from: &reader)
    reader.finish()
    guard reader.problems.isEmpty else { throw .problems(path: path, reader.problems) }
    return changed
  }

  /// Takes over the values that `reader` has, and notes what is wrong with them, alone or together.
  mutating func take(from reader: inout ConfigurationReader) {
    for key in Self.keys {
      var recipe = self
      reader.optional(key.name, key.expected, default: ()) { key.read($0, &recipe) ? () : nil }
      self = recipe
    }
    if warmUp >= steps {
      reader.note("warm_up is \(warmUp); expected fewer than steps, \(steps)")
    }
  }
}
