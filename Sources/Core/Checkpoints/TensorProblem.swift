/// What is wrong with one tensor of a checkpoint.
public enum TensorProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// The model has a tensor that the file has not.
  case missing(name: String, expected: [Int])
  /// The extents differ.
  case wrongShape(name: String, expected: [Int], found: [Int])
  /// The elements cannot become floats.
  case wrongType(name: String, found: DType)
  /// A value is NaN or infinite.
  case notFinite(name: String, index: Int, value: Float)
  /// A running variance is below zero.
  case negativeVariance(name: String, index: Int, value: Float)
  /// The archive that the tensor is in is damaged there.
  case unreadable(name: String, reason: ZipFailure)
  /// The file has a tensor that the model has not.
  case unused(name: String, shape: [Int])

  /// Whether the file lacks the tensor.
  public var isMissing: Bool { if case .missing = self { true } else { false } }
  /// Whether the model has no use for the tensor.
  public var isUnused: Bool { if case .unused = self { true } else { false } }

  /// A name from a file as it can be printed: line breaks and escape codes in it would fake other messages.
  private static func shown(_ name: String) -> Substring { quoted(name).dropFirst().dropLast() }

  /// The tensor's full name, what was expected and what was found.
  public var description: String {
    switch self {
    case .missing(let name, let expected): "\(Self.shown(name)): missing, expected \(expected)"
    case .wrongShape(let name, let expected, let found):
      "\(Self.shown(name)): expected \(expected), found \(found)"
    case .wrongType(let name, let found):
      "\(Self.shown(name)): expected F32, F16 or BF16, found \(found.rawValue)"
    case .notFinite(let name, let index, let value):
      "\(Self.shown(name)): expected finite values, found \(value) at index \(index)"
    case .negativeVariance(let name, let index, let value):
      "\(Self.shown(name)): expected variances of at least 0, found \(value) at index \(index)"
    case .unreadable(let name, let reason): "\(Self.shown(name)): \(reason)"
    case .unused(let name, let shape): "\(Self.shown(name)): not part of the model, found \(shape)"
    }
  }
}
