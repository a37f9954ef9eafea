/// Why a ZIP archive, or a member of it, cannot be read.
public enum ZipFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no record at the end, so the file is cut off or no archive.
  case notAnArchive
  /// The directory is not where it should be, or is not what it should be.
  case badDirectory
  /// The directory claims more members than are read.
  case tooManyMembers(Int)
  /// The archive goes on in other files.
  case severalDisks
  /// Two members have one name.
  case duplicate(String)
  /// Two members share bytes, or one lies in the directory.
  case overlap
  /// A member does not lie inside the file.
  case outside(String)
  /// The member is called otherwise, or packed otherwise, where it stands.
  case twoNames(String)
  /// The sizes of a member contradict each other.
  case badSizes(String)
  /// The member is encrypted.
  case encrypted(String)
  /// The member is packed by a method that is neither none nor deflate.
  case unknownMethod(String, Int)
  /// The member is larger than is read.
  case tooLarge(String, count: Int, limit: Int)
  /// The deflated bytes are damaged, or inflate to another number of bytes than they should.
  case damaged(String)
  /// The bytes are not those that were written.
  case wrongChecksum(String)

  /// What is wrong, without the file's name and the remedy.
  public var description: String {
    switch self {
    case .notAnArchive: "the end of the ZIP archive is missing, so it is truncated"
    case .badDirectory: "the directory of the ZIP archive is damaged"
    case .tooManyMembers(let count):
      "the ZIP archive claims \(count) members, more than \(ZipReader.memberLimit)"
    case .severalDisks: "the ZIP archive is one of several parts"
    case .duplicate(let name): "two members of the ZIP archive are called \(quoted(name))"
    case .overlap: "members of the ZIP archive overlap"
    case .outside(let name): "the member \(quoted(name)) lies outside of the ZIP archive"
    case .twoNames(let name):
      "the member \(quoted(name)) of the ZIP archive is another one where it stands"
    case .badSizes(let name):
      "the sizes of the member \(quoted(name)) of the ZIP archive contradict each other"
    case .encrypted(let name): "the member \(quoted(name)) of the ZIP archive is encrypted"
    case .unknownMethod(let name, let method):
      "the member \(quoted(name)) of the ZIP archive is compressed by method \(method), not deflate"
    case .tooLarge(let name, let count, let limit):
      "the member \(quoted(name)) of the ZIP archive has \(count) bytes, more than \(limit)"
    case .damaged(let name): "the member \(quoted(name)) of the ZIP archive is damaged"
    case .wrongChecksum(let name):
      "the member \(quoted(name)) of the ZIP archive does not have its checksum"
    }
  }
}
