extension TrainingRequest {
  /// Every key with its value, the recipe as an object: what ``RunFolder/request`` holds.
  public var json: JSON {
    func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }
    return .object([
      JSON.Member("preset", .string(preset)), JSON.Member("from", text(from)),
      JSON.Member("weights", text(weights)), JSON.Member("guidance", text(guidance?.rawValue)),
      JSON.Member("context", text(context?.rawValue)),
      JSON.Member("upsampler", text(upsampler?.rawValue)),
      JSON.Member("refine", .bool(isRefining)),
      JSON.Member("refine_alone", .bool(isRefiningAlone)),
      JSON.Member("data", .array(data.map { .string($0) })), JSON.Member("dataset", text(kind)),
      JSON.Member("split", .string(split)), JSON.Member("val_split", text(validationSplit)),
      JSON.Member("ignore_index", ignoreIndex.map { .int($0) } ?? .null),
      JSON.Member("reduce_zero_label", reducesZeroLabel.map { .bool($0) } ?? .null),
      JSON.Member("recompute", .bool(isRecomputing)), JSON.Member("recipe", recipe.json),
    ])
  }

  /// The request that `json` describes, all of its keys or some; messages call it `path`.
  public init(_ json: JSON, path: String) throws(RecipeFailure) {
    self.init()
    var reader = ConfigurationReader(json)
    if let recipe = reader.take("recipe") { self.recipe = try Recipe(recipe, path: path) }
    take(from: &reader)
    reader.finish()
    guard reader.problems.isEmpty else { throw .problems(path: path, reader.problems) }
  }

  /// Takes over what `reader` has of the keys, the recipe apart.
  mutating func take(from reader: inout ConfigurationReader) {
    preset = reader.optional("preset", "a name", default: preset) { $0.string }
    from = reader.optional("from", "a path", default: from, orNull: \.string)
    weights = reader.optional("weights", "a path", default: weights, orNull: \.string)
    guidance = reader.optional("guidance", default: guidance)
    context = reader.optional("context", default: context)
    upsampler = reader.optional("upsampler", default: upsampler)
    isRefining = reader.optional("refine", "true or false", default: isRefining) { $0.bool }
    isRefiningAlone = reader.optional(
      "refine_alone", "true or false", default: isRefiningAlone
    ) { $0.bool }
    data = reader.optional("data", "a list of paths", default: data) { json in
      let paths = (json.array ?? []).compactMap(\.string)
      return paths.count == json.array?.count && !paths.isEmpty ? paths : nil
    }
    kind = reader.optional("dataset", "a kind", default: kind, orNull: \.string)
    split = reader.optional("split", "a name", default: split) { $0.string }
    validationSplit = reader.optional(
      "val_split", "a name", default: validationSplit, orNull: \.string)
    ignoreIndex = reader.optional(
      "ignore_index", "a label, 0…65535", default: ignoreIndex,
      orNull: { $0.int.flatMap { 0...65535 ~= $0 ? $0 : nil } })
    reducesZeroLabel = reader.optional(
      "reduce_zero_label", "true or false", default: reducesZeroLabel, orNull: \.bool)
    isRecomputing = reader.optional("recompute", "true or false", default: isRecomputing) {
      $0.bool
    }
  }

  /// The keys whose values differ from those of `other`, with both: "batch is 8, not 4".
  public func differences(from other: TrainingRequest) -> [String] {
    func members(_ request: TrainingRequest) -> [JSON.Member] {
      (request.json.object ?? []).flatMap { $0.value.object ?? [$0] }
    }
    return zip(members(self), members(other)).filter { $0 != $1 }.map { ours, theirs in
      "\(ours.key) is \(ours.value.line), not \(theirs.value.line)"
    }
  }
}

extension ConfigurationReader {
  /// The member `key` as `read` understands it, or null, which is `nil`.
  fileprivate mutating func optional<Value>(
    _ key: String, _ expected: String, default fallback: Value?, orNull read: (JSON) -> Value?
  ) -> Value? {
    optional(key, expected + ", or null", default: fallback) { json -> Value?? in
      json == .null ? .some(nil) : read(json).map { .some($0) }
    }
  }

  /// The member `key` as a case of an enumeration, or null, which is `nil`.
  fileprivate mutating func optional<Value: RawRepresentable & CaseIterable>(
    _ key: String, default fallback: Value?
  ) -> Value? where Value.RawValue == String {
    let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
    return optional(key, "one of \(names)", default: fallback) {
      $0.string.flatMap(Value.init(rawValue:))
    }
  }
}
