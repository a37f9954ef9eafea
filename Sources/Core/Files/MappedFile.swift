import Glibc

/// A regular file mapped read-only into memory for as long as this object lives.
///
/// Pages are read when they are first touched. A file that another program shortens while it is mapped
/// can end this process with a bus error; programs that replace a file by renaming do no harm.
public final class MappedFile: Sendable {
  /// The path as it was given.
  public let path: String
  /// The size of the file in bytes when it was mapped.
  public var count: Int { bytes.count }

  /// The mapping, page-aligned; without an address for an empty file.
  private nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

  /// Maps the file at `path`.
  ///
  /// Never waits: a FIFO, a device or a socket is refused as ``MappedFileFailure/notRegular(path:)``.
  public init(path: String) throws(MappedFileFailure) {
    guard !path.utf8.contains(0) else { throw .missing(path: path) }
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .opening(path, errno) }
    defer { close(descriptor) }

    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .opening(path, errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .directory(path: path)
    default: throw .notRegular(path: path)
    }

    self.path = path
    let size = Int(status.st_size)
    guard size > 0 else {  // mmap refuses a length of zero
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard address != MAP_FAILED else { throw .opening(path, errno) }
    bytes = UnsafeRawBufferPointer(start: address, count: size)
  }

  /// What `body` makes of the whole file, whose bytes stay valid until it returns.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withExtendedLifetime(self) { () throws(Failure) in try body(bytes) }
  }

  /// Lets go of the pages that lie wholly in a range of bytes; they are read again when they are touched.
  func release(_ range: Range<Int>) {
    let page = Int(getpagesize())
    let first = (range.lowerBound + page - 1) / page * page
    let last = range.upperBound / page * page
    guard let address = bytes.baseAddress, first < last else { return }
    _ = madvise(UnsafeMutableRawPointer(mutating: address + first), last - first, MADV_DONTNEED)
  }

  deinit {
    if let address = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: address), bytes.count)
    }
  }
}

/// Why a file could not be mapped.
public enum MappedFileFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// Nothing stands at the path.
  case missing(path: String)
  /// The path names a folder.
  case directory(path: String)
  /// The path names a FIFO, a device or a socket.
  case notRegular(path: String)
  /// The file stands there, but this user may not read it.
  case notPermitted(path: String)
  /// The system refused for another reason, given in its words.
  case refused(path: String, reason: String)

  /// The failure that `open`, `fstat` or `mmap` reports by `code`.
  fileprivate static func opening(_ path: String, _ code: Int32) -> MappedFileFailure {
    switch code {
    case ENOENT, ENOTDIR: .missing(path: path)
    case EACCES, EPERM: .notPermitted(path: path)
    case ENXIO: .notRegular(path: path)
    default: .refused(path: path, reason: String(cString: strerror(code)))
    }
  }

  /// One sentence: the file, what was found, and the remedy.
  public var description: String {
    switch self {
    case .missing(let path): "\(path): no such file; check the path"
    case .directory(let path): "\(path): expected a file, found a folder; name a file inside it"
    case .notRegular(let path):
      "\(path): expected a regular file, found a pipe, device or socket; save the data to a file first"
    case .notPermitted(let path): "\(path): may not be read; change its permissions (chmod +r)"
    case .refused(let path, let reason):
      "\(path): cannot be read (\(reason)); copy the file to a local disk and try again"
    }
  }
}
