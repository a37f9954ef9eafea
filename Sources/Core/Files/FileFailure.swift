/// Why a file could not be read or written.
public enum FileFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is nothing at this path.
  case missing(path: String)
  /// The path leads to something other than a regular file, for example "a folder".
  case notAFile(path: String, kind: String)
  /// The file holds more than `limit` bytes.
  case tooLarge(path: String, limit: Int)
  /// The system refused to read, for the reason it gave.
  case unreadable(path: String, reason: String)
  /// The system refused to write, for the reason it gave; what stood at the path stands there
  /// still.
  case unwritable(path: String, reason: String)

  /// One sentence with the path, what was found, and what to do.
  public var description: String {
    switch self {
    case .missing(let path):
      "\(path): there is no such file; check the spelling"
    case .notAFile(let path, let kind):
      "\(path): expected a file, found \(kind); name a regular file"
    case .tooLarge(let path, let limit):
      "\(path): the file is larger than \(limit) bytes, the most that is read; "
        + "check that it is what you meant, or make it smaller"
    case .unreadable(let path, let reason):
      "\(path): cannot be read (\(reason)); check its permissions and its disk"
    case .unwritable(let path, let reason):
      "\(path): cannot be written (\(reason)); check that its folder exists, is yours and has room"
    }
  }
}
