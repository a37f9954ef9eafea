/// Why a pickle cannot be read, and at which of its bytes.
public struct PickleFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The instruction that failed, counted in bytes from the beginning of the pickle.
  public let offset: Int
  /// What is wrong with it.
  public let reason: Reason

  /// What can be wrong.
  public enum Reason: Error, Equatable, Sendable {
    /// The pickle ends inside an instruction or before `STOP`.
    case truncated
    /// The pickle does not begin with a protocol from 2 to 5.
    case noProtocol
    /// The instruction is none of those that a checkpoint needs.
    case refusedOpcode(UInt8)
    /// More is taken from the stack than stands on it.
    case emptyStack
    /// A mark was expected on the stack and there is none.
    case noMark
    /// An object is asked for that was never kept.
    case unknownMemo(Int)
    /// A text is not UTF-8.
    case notUTF8
    /// An object is used as something that it is not.
    case wrongKind(expected: String)
    /// There are more objects than are read.
    case tooManyObjects
    /// The pickle is longer than is read.
    case tooLong
    /// Bytes follow the end.
    case trailingBytes
  }

  /// What is wrong, without the file's name and the remedy.
  public var description: String {
    let what =
      switch reason {
      case .truncated: "it is truncated"
      case .noProtocol: "it does not begin with a protocol from 2 to 5"
      case .refusedOpcode(let code):
        "the instruction 0x\(String(code, radix: 16)) is none that a checkpoint needs, and is refused"
      case .emptyStack: "it takes more objects than it has made"
      case .noMark: "it lacks a mark"
      case .unknownMemo(let index): "it asks for object \(index), which it never kept"
      case .notUTF8: "a text is not UTF-8"
      case .wrongKind(let expected): "expected \(expected), found something else"
      case .tooManyObjects: "it has more than \(PickleMachine.objectLimit) objects"
      case .tooLong: "it has more than \(PickleMachine.byteLimit) bytes"
      case .trailingBytes: "something follows its end"
      }
    return "the pickle cannot be read at byte \(offset): \(what)"
  }
}
