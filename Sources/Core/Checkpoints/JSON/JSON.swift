/// A JSON value, kept as it is written: members in order, numbers as text.
///
/// The reader is strict (see ``JSONFailure`` for all that it refuses), so a value never hides a duplicate key
/// or a rounded number.
public enum JSON: Equatable, Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number, exactly as written: `1`, `1.0` and `1e0` are three different texts.
  case number(String)
  /// A string, its escapes resolved.
  case string(String)
  /// The elements of an array.
  case array([JSON])
  /// The members of an object, in order; no key stands twice.
  case object([Member])

  /// One member of an object.
  public struct Member: Equatable, Sendable {
    /// The name of the member.
    public let key: String
    /// What stands under it.
    public let value: JSON

    /// A member `"key": value`.
    public init(_ key: String, _ value: JSON) {
      self.key = key
      self.value = value
    }
  }

  /// What a value is, without its content.
  ///
  /// The raw value names it in a sentence: "a list".
  public enum Kind: String, Equatable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool = "true or false"
    /// A number.
    case number = "a number"
    /// A string.
    case string = "a string"
    /// An array.
    case array = "a list"
    /// An object.
    case object = "an object"
  }

  /// What this value is.
  public var kind: Kind {
    switch self {
    case .null: .null
    case .bool: .bool
    case .number: .number
    case .string: .string
    case .array: .array
    case .object: .object
    }
  }

  /// The value of a `bool`; `nil` for all other values.
  public var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// A number written without fraction and exponent that fits an `Int`; `nil` for all other values.
  public var int: Int? {
    if case .number(let text) = self { Int(text) } else { nil }
  }

  /// The nearest `Double` of a number, finite; `nil` for all other values.
  public var double: Double? {
    guard case .number(let text) = self, let value = Double(text), value.isFinite else {
      return nil
    }
    return value
  }

  /// The value of a string; `nil` for all other values.
  public var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The elements of an array; `nil` for all other values.
  public var array: [JSON]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The members of an object, in order; `nil` for all other values.
  public var object: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The value under `key` of an object, `nil` where there is none.
  ///
  /// Looks at one member after the other; keys are compared byte by byte.
  public subscript(key: String) -> JSON? {
    object?.first { ExactString($0.key) == ExactString(key) }?.value
  }
}

extension JSON {
  /// How deep arrays and objects may nest: as deep as serde_json, the safetensors reference's reader, goes.
  public static let maximumDepth = 127

  /// The value that `text` spells, with nothing but white space around it.
  public init(_ text: String) throws(JSONFailure) {
    try self.init(utf8: Array(text.utf8))
  }

  /// The value that UTF-8 `bytes` spell, with nothing but white space around it.
  public init(utf8 bytes: [UInt8]) throws(JSONFailure) {
    self = try bytes.withUnsafeBufferPointer { bytes throws(JSONFailure) in
      var reader = try JSONReader(UnsafeRawBufferPointer(bytes)) { $0 }
      let value = try JSON(from: &reader)
      try reader.end()
      return value
    }
  }

  private init(from reader: inout JSONReader<JSONFailure>) throws(JSONFailure) {
    switch try reader.kind() {
    case .null:
      try reader.null()
      self = .null
    case .bool: self = .bool(try reader.bool())
    case .number: self = .number(try reader.number())
    case .string: self = .string(try reader.string())
    case .array:
      var elements: [JSON] = []
      try reader.beginArray()
      while try reader.hasNextElement() { elements.append(try JSON(from: &reader)) }
      self = .array(elements)
    case .object:
      var members: [Member] = []
      try reader.beginObject()
      while let key = try reader.nextKey() {
        members.append(Member(key.text, try JSON(from: &reader)))
      }
      self = .object(members)
    }
  }
}
