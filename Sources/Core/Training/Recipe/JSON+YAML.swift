import Yams

extension JSON {
  /// More values than any recipe has: aliases could make millions of a short text.
  private static let maximumValues = 10_000

  /// The one document that `yaml` spells, with the core schema of YAML 1.2; JSON is a part of it.
  ///
  /// A plain `null`, `true`, `false` or decimal number is one, and all other scalars are strings (so `yes` is one too);
  /// a text without content is an empty object.
  init(yaml: String) throws(YAMLFailure) {
    let root: Node?
    do { root = try Yams.compose(yaml: yaml) } catch { throw YAMLFailure(error) }
    guard let root else {
      self = .object([])
      return
    }
    var values = 0
    self = try JSON(root, depth: 0, values: &values)
  }

  /// The document in the file at `path`, of at most `maxBytes`.
  init(yamlFile path: String, maxBytes: Int) throws(RecipeFailure) {
    let bytes: [UInt8]
    do { bytes = try FileBytes.read(path, maxBytes: maxBytes) } catch { throw .unreadable(error) }
    do { self = try JSON(yaml: String(decoding: bytes, as: UTF8.self)) } catch {
      throw .notYAML(path: path, error)
    }
  }

  private init(_ node: Node, depth: Int, values: inout Int) throws(YAMLFailure) {
    values += 1
    guard depth <= Self.maximumDepth, values <= Self.maximumValues else {
      throw YAMLFailure(problem: "too many values, or too deep", line: node.mark?.line)
    }
    switch node {
    case .scalar(let scalar):
      self = scalar.style == .plain ? JSON(plain: scalar.string) : .string(scalar.string)
    case .sequence(let sequence):
      var elements: [JSON] = []
      for node in sequence {
        elements.append(try JSON(node, depth: depth + 1, values: &values))
      }
      self = .array(elements)
    case .mapping(let mapping):
      var members: [Member] = []
      for (key, value) in mapping {
        guard let key = key.scalar?.string else {
          throw YAMLFailure(problem: "a key that is not a word", line: key.mark?.line)
        }
        members.append(Member(key, try JSON(value, depth: depth + 1, values: &values)))
      }
      self = .object(members)
    case .alias:
      throw YAMLFailure(problem: "an alias of nothing", line: node.mark?.line)
    }
  }

  private init(plain text: String) {
    switch text {
    case "", "~", "null", "Null", "NULL": self = .null
    case "true", "True", "TRUE": self = .bool(true)
    case "false", "False", "FALSE": self = .bool(false)
    default:
      // Swift also reads hexadecimal numbers, infinities and NaN, which JSON has not.
      let isDecimal = text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
      self = isDecimal && Double(text) != nil ? .number(text) : .string(text)
    }
  }
}

/// Why a text is not the YAML that we accept.
public struct YAMLFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// What stands where it cannot stand.
  public let problem: String
  /// The line, from 1; `nil` where it is not known.
  public let line: Int?

  /// What is wrong, where, and the remedy.
  public var description: String {
    (line.map { "line \($0): " } ?? "") + problem
      + "; correct the YAML (lines of the form key: value)"
  }
}

extension YAMLFailure {
  /// What the parser says, in a line.
  fileprivate init(_ error: any Error) {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      self.init(problem: problem, line: mark.line)
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.map { quoted($0) }.joined(separator: ", ")
      self.init(problem: "the key \(keys) stands there twice", line: context.mark.line)
    case .reader(let problem, _, _, _): self.init(problem: problem, line: nil)
    default: self.init(problem: "no YAML", line: nil)
    }
  }
}
