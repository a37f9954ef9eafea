/// One key of a recipe file: how it is read, written and explained.
///
/// The one table of keys (``Recipe/keys``) serves the reader, the writer and the documentation.
public struct RecipeKey: Sendable {
  /// The key as it stands in a file.
  public let name: String
  /// What it decides, with its unit.
  public let meaning: String
  /// Where the known recipes have its value from.
  public let source: Source
  /// What its value may be, for messages.
  let expected: String
  /// Puts a value in its place; `false` where it is none of the expected ones.
  let read: @Sendable (JSON, inout Recipe) -> Bool
  /// The value in a recipe.
  let value: @Sendable (Recipe) -> JSON

  /// Where a value comes from.
  public enum Source: String, Sendable {
    /// The text of HFGD, arXiv:2303.08646.
    case paper
    /// The authors' programs iSeg, iDS and CAR.
    case authors
    /// Our choice, where both are silent.
    case ours
  }

  /// The key `name` for the value at `path`, which is written in `form`.
  init<Value>(
    _ name: String, _ path: WritableKeyPath<Recipe, Value> & Sendable, _ form: RecipeForm<Value>,
    _ meaning: String, _ source: Source
  ) {
    self.name = name
    self.meaning = meaning
    self.source = source
    expected = form.expected
    read = { json, recipe in
      guard let value = form.read(json) else { return false }
      recipe[keyPath: path] = value
      return true
    }
    value = { form.write($0[keyPath: path]) }
  }
}

/// How a kind of value stands in a recipe file.
struct RecipeForm<Value>: Sendable {
  /// What may stand there, for messages.
  let expected: String
  let read: @Sendable (JSON) -> Value?
  let write: @Sendable (Value) -> JSON
}

extension RecipeForm<Int> {
  /// A whole number of `range`.
  static func whole(_ range: ClosedRange<Int>) -> Self {
    Self(
      expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      read: { $0.int.flatMap { range.contains($0) ? $0 : nil } }, write: { .int($0) })
  }
}

extension RecipeForm<Double> {
  /// A number of `range`.
  static func number(_ range: ClosedRange<Double>) -> Self {
    Self(
      expected: "a number from \(range.lowerBound.brief) to \(range.upperBound.brief)",
      read: { $0.double.flatMap { range.contains($0) ? $0 : nil } }, write: { .number($0.brief) })
  }
}

extension RecipeForm<Double?> {
  /// A number of `range`, or null.
  static func optional(_ form: RecipeForm<Double>) -> Self {
    Self(
      expected: form.expected + ", or null",
      read: { json in json == .null ? .some(nil) : form.read(json).map { .some($0) } },
      write: { $0.map(form.write) ?? .null })
  }
}

extension RecipeForm<[Double]> {
  /// A list of numbers of `range`; of `count` of them where that is given, of at least one otherwise.
  static func numbers(_ range: ClosedRange<Double>, count: Int? = nil) -> Self {
    let element = RecipeForm<Double>.number(range)
    let bounds = "from \(range.lowerBound.brief) to \(range.upperBound.brief)"
    return Self(
      expected: count.map { "a list of \($0) numbers \(bounds)" } ?? "a list of numbers \(bounds)",
      read: { json in
        let elements = json.array ?? []
        let values = elements.compactMap(element.read)
        let isWhole = values.count == elements.count && values.count == count ?? values.count
        return isWhole && !values.isEmpty ? values : nil
      },
      write: { .array($0.map(element.write)) })
  }
}

extension RecipeForm<Bool> {
  /// True or false.
  static var flag: Self {
    Self(expected: "true or false", read: { $0.bool }, write: { .bool($0) })
  }
}

extension RecipeForm<String> {
  /// Text on one line.
  static var line: Self {
    Self(
      expected: "a name on one line",
      read: { json in
        json.string.flatMap { text in
          text.unicodeScalars.contains { $0.properties.generalCategory == .control } ? nil : text
        }
      },
      write: { .string($0) })
  }
}

extension RecipeForm
where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
  /// The name of a case.
  static var choice: Self {
    Self(
      expected: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "),
      read: { $0.string.flatMap(Value.init(rawValue:)) }, write: { .string($0.rawValue) })
  }
}

extension RecipeForm<Recipe.Crop> {
  /// `WxH`, both of `range`.
  static func size(_ range: ClosedRange<Int>) -> Self {
    Self(
      expected:
        "WIDTHxHEIGHT such as 513x513, each from \(range.lowerBound) to \(range.upperBound)",
      read: { json in
        let sides = (json.string ?? "").split(separator: "x", omittingEmptySubsequences: false)
          .compactMap { Int($0) }
        guard sides.count == 2, sides.allSatisfy(range.contains) else { return nil }
        return Recipe.Crop(width: sides[0], height: sides[1])
      },
      write: { .string("\($0.width)x\($0.height)") })
  }
}

extension Double {
  /// The shortest text that is this number, a whole one without its ".0".
  fileprivate var brief: String {
    let text = "\(self)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
