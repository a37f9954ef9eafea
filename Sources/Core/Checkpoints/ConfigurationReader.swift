/// Reads a JSON object member by member and notes everything that is wrong with it.
///
/// A missing or wrong member yields `nil` and a problem; members nobody asked for are problems too. So one look at a
/// broken configuration tells all that is to be mended.
public struct ConfigurationReader {
  private let path: String
  private var members: [JSON.Member]
  /// What is wrong, in the order in which it was met.
  public private(set) var problems: [String] = []

  /// A reader of `json`, which messages call `path`.
  public init(_ json: JSON, path: String = "") {
    self.path = path.isEmpty ? "" : path + "."
    members = json.object ?? []
    if json.object == nil {
      problems.append(
        "\(path.isEmpty ? "the configuration" : path) is \(json.kind.rawValue), not an object")
    }
  }

  /// The member `key`, which will not be reported as unknown.
  public mutating func take(_ key: String) -> JSON? {
    guard let index = members.firstIndex(where: { $0.key == key }) else { return nil }
    return members.remove(at: index).value
  }

  /// The member `key` as `read` understands it; a problem where it is missing or `read` gives nothing.
  public mutating func require<Result>(_ key: String, _ expected: String, _ read: (JSON) -> Result?)
    -> Result?
  {
    guard let json = take(key) else {
      problems.append("\(path)\(key) is missing; expected \(expected)")
      return nil
    }
    return checked(json, key, expected, read)
  }

  /// The member `key` as `read` understands it, `fallback` where it is absent.
  public mutating func optional<Result>(
    _ key: String, _ expected: String, default fallback: Result, _ read: (JSON) -> Result?
  ) -> Result {
    guard let json = take(key) else { return fallback }
    return checked(json, key, expected, read) ?? fallback
  }

  /// The member `key` as `read` understands it, `nil` where it is absent.
  public mutating func optional<Result>(
    _ key: String, _ expected: String, _ read: (JSON) -> Result?
  ) -> Result? {
    take(key).flatMap { checked($0, key, expected, read) }
  }

  /// The member `key` as a case of an enumeration.
  public mutating func require<Result: RawRepresentable & CaseIterable>(
    _ key: String, as type: Result.Type
  )
    -> Result? where Result.RawValue == String
  {
    let names = Result.allCases.map(\.rawValue).joined(separator: ", ")
    return require(key, "one of \(names)") { $0.string.flatMap(Result.init(rawValue:)) }
  }

  /// A problem that concerns more than one member.
  public mutating func note(_ problem: String) { problems.append(problem) }

  /// Takes over what another reader found.
  public mutating func adopt(_ other: ConfigurationReader) { problems += other.problems }

  /// Reports the members that nobody took.
  public mutating func finish() {
    problems += members.map { "\(path)\($0.key) is not a key of the configuration" }
    members = []
  }

  private mutating func checked<Result>(
    _ json: JSON, _ key: String, _ expected: String, _ read: (JSON) -> Result?
  ) -> Result? {
    if let result = read(json) { return result }
    problems.append("\(path)\(key) is \(json.excerpt); expected \(expected)")
    return nil
  }
}

extension JSON {
  /// The value in a few words, for messages.
  var excerpt: String {
    switch self {
    case .null, .array, .object: kind.rawValue
    case .bool(let value): String(value)
    case .number(let text): text
    case .string(let text): quoted(text)
    }
  }
}
