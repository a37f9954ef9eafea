/// Why a safetensors file, or a tensor of it, could not be read.
public struct SafeTensorsFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file, as its path was given.
  public let file: String
  /// The rule that was broken.
  public let reason: Reason

  /// The rules of the format, in the order in which a file is held against them, and those of access.
  public enum Reason: Error, Equatable, Sendable {
    /// The file cannot be opened at all.
    case unreadable(MappedFileFailure)
    /// The file is too short for the eight bytes of the header's length.
    case headerTooSmall(fileSize: Int)
    /// The header claims more than 100 000 000 bytes.
    case headerTooLarge(length: UInt64, looksLike: ForeignFormat?)
    /// The header claims more bytes than the file has.
    case headerPastEnd(length: Int, fileSize: Int)
    /// The header is not the JSON that we accept.
    case headerNotJSON(JSONFailure)
    /// Two tensors, or two fields of a tensor or of the metadata, have the same name.
    case duplicateName(String)
    /// The header is something other than an object.
    case headerNotObject(JSON.Kind)
    /// `__metadata__` is neither null nor an object.
    case metadataNotObject(JSON.Kind)
    /// A metadata entry is not a string.
    case metadataNotString(key: String, JSON.Kind)
    /// The description of a tensor is not an object.
    case tensorNotObject(tensor: String, JSON.Kind)
    /// The description of a tensor lacks a field.
    case missingField(tensor: String, field: String)
    /// A field of a tensor has another form than `expected`.
    case malformedField(tensor: String, field: String, expected: String)
    /// The element type is none that the format defines.
    case unknownDType(tensor: String, dtype: String)
    /// Bytes `expected..<begin` of the data belong to no tensor.
    case hole(tensor: String, expected: Int, begin: Int)
    /// The tensor begins before the one in front of it has ended.
    case overlap(tensor: String, expected: Int, begin: Int)
    /// The tensor ends before it begins.
    case reversedRange(tensor: String, begin: Int, end: Int)
    /// The number of elements, or of bits, does not fit 64 bits.
    case shapeOverflow(tensor: String, shape: [Int])
    /// The elements do not fill whole bytes.
    case partialByte(tensor: String, dtype: DType, shape: [Int])
    /// Shape and element type need another number of bytes than the tensor has.
    case sizeMismatch(tensor: String, expected: Int, found: Int)
    /// The file ends before its last tensor does.
    case truncated(expected: Int, fileSize: Int)
    /// Bytes follow the last tensor.
    case trailingBytes(expected: Int, fileSize: Int)
    /// No tensor has the name asked for.
    case noSuchTensor(String)
    /// The tensor's elements have no conversion to `Float` here.
    case notConvertible(tensor: String, dtype: DType)
  }

  /// One sentence: the file, what was expected, what was found, and the remedy.
  public var description: String {
    switch reason {
    case .unreadable(let failure): "\(failure)"
    default: "\(file): \(reason.finding); \(reason.remedy)"
    }
  }
}

extension SafeTensorsFailure.Reason {
  /// The failure of the JSON reader as a failure of the header.
  init(_ failure: JSONFailure) {
    switch failure {
    case .duplicateKey(let key, _): self = .duplicateName(key)
    default: self = .headerNotJSON(failure)
    }
  }

  fileprivate var finding: String {
    switch self {
    case .unreadable(let failure): "\(failure)"
    case .headerTooSmall(let size): "not safetensors: expected at least 8 bytes, found \(size)"
    case .headerTooLarge(let length, _):
      "not safetensors: expected a header of at most \(SafeTensors.maximumHeaderLength) bytes,"
        + " found one of \(length)"
    case .headerPastEnd(let length, let size):
      "expected a header of \(length) bytes, found a file of \(size)"
    case .headerNotJSON(let failure): "the header is not valid JSON: \(failure)"
    case .duplicateName(let name): "the name \(quoted(name)) stands twice in the header"
    case .headerNotObject(let kind): "expected the header to be an object, found \(kind.rawValue)"
    case .metadataNotObject(let kind):
      "expected __metadata__ to be an object, found \(kind.rawValue)"
    case .metadataNotString(let key, let kind):
      "expected the metadata entry \(quoted(key)) to be a string, found \(kind.rawValue)"
    case .tensorNotObject(let tensor, let kind):
      "expected the description of \(quoted(tensor)) to be an object, found \(kind.rawValue)"
    case .missingField(let tensor, let field): "the tensor \(quoted(tensor)) has no \(field)"
    case .malformedField(let tensor, let field, let expected):
      "expected the \(field) of \(quoted(tensor)) to be \(expected), found something else"
    case .unknownDType(let tensor, let dtype):
      "the tensor \(quoted(tensor)) has the unknown dtype \(quoted(dtype))"
    case .hole(let tensor, let expected, let begin):
      "expected the data of \(quoted(tensor)) to begin at \(expected), found a hole up to \(begin)"
    case .overlap(let tensor, let expected, let begin):
      "expected the data of \(quoted(tensor)) to begin at \(expected),"
        + " found \(begin), inside another tensor"
    case .reversedRange(let tensor, let begin, let end):
      "the data of \(quoted(tensor)) begins at \(begin) but ends at \(end)"
    case .shapeOverflow(let tensor, let shape):
      "the size of \(quoted(tensor)) with shape \(shown(shape)) exceeds 64 bits"
    case .partialByte(let tensor, let dtype, let shape):
      "the elements of \(quoted(tensor)), \(dtype.rawValue) \(shown(shape)), do not fill whole bytes"
    case .sizeMismatch(let tensor, let expected, let found):
      "expected \(expected) bytes for \(quoted(tensor)) by its shape and dtype, found \(found)"
    case .truncated(let expected, let size):
      "truncated: expected \(expected) bytes, found \(size)"
    case .trailingBytes(let expected, let size):
      "expected \(expected) bytes, found \(size): something follows the last tensor"
    case .noSuchTensor(let name): "there is no tensor \(quoted(name))"
    case .notConvertible(let tensor, let dtype):
      "expected \(quoted(tensor)) to be F32, F16 or BF16, found \(dtype.rawValue)"
    }
  }

  fileprivate var remedy: String {
    switch self {
    case .headerTooLarge(_, let format?): format.remedy
    case .unreadable, .headerTooSmall, .headerTooLarge, .headerPastEnd, .truncated, .trailingBytes:
      "download or copy the file again"
    case .noSuchTensor: "choose a checkpoint of the model that is meant"
    case .notConvertible: "convert the tensor to one of these and save the file again"
    default: "save the file again with an up-to-date safetensors library"
    }
  }

  /// `shape` for a message, cut where a hostile file made it endless.
  private func shown(_ shape: [Int]) -> String {
    let limit = 8
    let sizes = shape.prefix(limit).map(String.init).joined(separator: ", ")
    return shape.count > limit ? "[\(sizes), …]" : "[\(sizes)]"
  }
}
