/// The header of a safetensors file as it is declared: every field has its type, no range is checked yet.
struct SafeTensorsHeader {
  /// One tensor's line of the header.
  struct Declaration {
    let name: String
    let dtype: DType
    let shape: [Int]
    /// `data_offsets`, relative to the end of the header; not yet known to be in order or in the file.
    let begin, end: Int
  }

  private(set) var tensors: [Declaration] = []
  private(set) var metadata: SafeTensorsMetadata = [:]
  private(set) var warnings: [SafeTensors.Warning] = []

  /// The header that the JSON `text` spells.
  init(_ text: UnsafeRawBufferPointer) throws(SafeTensorsFailure.Reason) {
    var json = try JSONReader(text, failure: SafeTensorsFailure.Reason.init)
    let kind = try json.kind()
    guard kind == .object else { throw .headerNotObject(kind) }
    try json.beginObject()
    while let name = try json.nextKey() {
      if name == "__metadata__" {
        try readMetadata(&json)
      } else {
        try readTensor(name.text, &json)
      }
    }
    try json.end()
  }

  private mutating func readMetadata(
    _ json: inout JSONReader<SafeTensorsFailure.Reason>
  ) throws(SafeTensorsFailure.Reason) {
    switch try json.kind() {
    case .null: try json.null()
    case .object:
      try json.beginObject()
      while let key = try json.nextKey() {
        let kind = try json.kind()
        guard kind == .string else { throw .metadataNotString(key: key.text, kind) }
        metadata.append(key.text, try json.string())
      }
    case let kind: throw .metadataNotObject(kind)
    }
  }

  private mutating func readTensor(
    _ name: String, _ json: inout JSONReader<SafeTensorsFailure.Reason>
  ) throws(SafeTensorsFailure.Reason) {
    let kind = try json.kind()
    guard kind == .object else { throw .tensorNotObject(tensor: name, kind) }

    var dtype: DType?
    var shape: [Int]?
    var offsets: [Int]?
    try json.beginObject()
    while let field = try json.nextKey() {
      switch field {
      case "dtype": dtype = try json.dtype(of: name)
      case "shape":
        shape = try json.naturalNumbers(upTo: .max)
        if shape == nil {
          throw .malformedField(tensor: name, field: "shape", expected: Self.sizes)
        }
      case "data_offsets":
        offsets = try json.naturalNumbers(upTo: 2)
        if offsets?.count != 2 {
          throw .malformedField(tensor: name, field: "data_offsets", expected: Self.offsets)
        }
      default:
        warnings.append(.unknownField(tensor: name, field: field.text))
        try json.skipValue()
      }
    }

    guard let dtype else { throw .missingField(tensor: name, field: "dtype") }
    guard let shape else { throw .missingField(tensor: name, field: "shape") }
    guard let offsets else { throw .missingField(tensor: name, field: "data_offsets") }
    tensors.append(
      Declaration(name: name, dtype: dtype, shape: shape, begin: offsets[0], end: offsets[1]))
  }

  private static let sizes = "a list of whole numbers from 0 to 2^63 - 1"
  private static let offsets = "a list of two whole numbers from 0 to 2^63 - 1"
}

extension JSONReader<SafeTensorsFailure.Reason> {
  fileprivate mutating func dtype(
    of tensor: String
  ) throws(SafeTensorsFailure.Reason) -> DType {
    guard try kind() == .string else {
      throw .malformedField(tensor: tensor, field: "dtype", expected: "a string")
    }
    let name = ExactString(try string())
    guard let dtype = DType.named[name] else {
      throw .unknownDType(tensor: tensor, dtype: name.text)
    }
    return dtype
  }

  /// The list of at most `limit` natural numbers that follows; `nil` if it is anything else.
  fileprivate mutating func naturalNumbers(
    upTo limit: Int
  ) throws(SafeTensorsFailure.Reason) -> [Int]? {
    guard try kind() == .array else { return nil }
    var numbers: [Int] = []
    try beginArray()
    while try hasNextElement() {
      guard numbers.count < limit, try kind() == .number,
        let number = try naturalNumber()
      else { return nil }
      numbers.append(number)
    }
    return numbers
  }
}

extension DType {
  fileprivate static let named = Dictionary(
    uniqueKeysWithValues: allCases.map { (ExactString($0.rawValue), $0) })
}
