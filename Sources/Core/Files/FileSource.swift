/// A file to read: one on the disk, or a member of a tar archive, which is never unpacked.
public struct FileSource: Sendable, Equatable {
  /// The file's path for messages; a member's stands below its archive's.
  public let path: String
  private let place: Place

  private enum Place: Sendable {
    case disk
    case member(TarArchive, TarArchive.Member)
  }

  /// The file at `path`.
  public init(path: String) {
    self.path = path
    place = .disk
  }

  /// A member of an archive.
  init(_ member: TarArchive.Member, of archive: TarArchive) {
    path = archive.path.appendingPath(member.path)
    place = .member(archive, member)
  }

  /// The size in bytes; `nil` where there is no such file.
  public var byteCount: Int? {
    switch place {
    case .disk: FileBytes.count(path)
    case .member(_, let member): member.bytes.count
    }
  }

  /// The last `count` bytes, or all of a shorter file; none where it cannot be read.
  func tail(_ count: Int) -> [UInt8] {
    switch place {
    case .disk: return FileBytes.tail(of: path, count)
    case .member(let archive, let member):
      return Array(archive.contents(of: member).suffix(count))
    }
  }

  /// The contents, at most `maxBytes` of them.
  public func read(maxBytes: Int) throws(FileFailure) -> [UInt8] {
    switch place {
    case .disk: return try FileBytes.read(path, maxBytes: maxBytes)
    case .member(let archive, let member):
      guard member.bytes.count <= maxBytes else { throw .tooLarge(path: path, limit: maxBytes) }
      return archive.contents(of: member)
    }
  }

  /// Whether both name the same file.
  public static func == (a: FileSource, b: FileSource) -> Bool { a.path == b.path }
}
