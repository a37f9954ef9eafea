import Glibc

/// An open file that closes itself.
struct FileDescriptor: ~Copyable {
  private let number: CInt

  /// The reason that the system gave for its last refusal on this thread.
  static var lastReason: String { String(cString: strerror(errno)) }

  /// Opens the file at `path` with the flags of `open(2)`; nil, with `errno` set, if the system
  /// refuses.
  init?(_ path: String, flags: CInt, mode: mode_t = 0) {
    var opened: CInt
    repeat {
      opened = open(path, flags | O_CLOEXEC, mode)
    } while opened < 0 && errno == EINTR
    if opened < 0 { return nil }
    number = opened
  }

  deinit { _ = Glibc.close(number) }

  /// What the system knows about the file; nil, with `errno` set, if it refuses.
  var status: stat? {
    var status = stat()
    return fstat(number, &status) == 0 ? status : nil
  }

  /// Reads up to `buffer.count` bytes: how many, 0 at the end of the file, or -1 with `errno` set.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = Glibc.read(number, buffer.baseAddress, buffer.count)
      if count >= 0 || errno != EINTR { return count }
    }
  }

  /// Writes all `bytes`; false, with `errno` set, if the system refuses.
  func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let count = Glibc.write(number, piece.baseAddress, piece.count)
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count == 0 || errno != EINTR {
        return false
      }
    }
    return true
  }

  /// Sets the permission bits; false, with `errno` set, if the system refuses.
  func setPermissions(_ mode: mode_t) -> Bool { fchmod(number, mode) == 0 }

  /// Cuts the file off after `length` bytes; false, with `errno` set, if the system refuses.
  func truncate(to length: Int) -> Bool { ftruncate(number, length) == 0 }

  /// Locks the file against other processes that ask, until it is closed; false if another one has it.
  func lock() -> Bool { flock(number, LOCK_EX | LOCK_NB) == 0 }

  /// Waits until the contents are on the disk; false, with `errno` set, if the system refuses.
  func synchronise() -> Bool { fsync(number) == 0 }

  /// Closes the file now; false, with `errno` set, where the system reports a late failed write.
  consuming func close() -> Bool {
    let number = number
    discard self
    return Glibc.close(number) == 0 || errno == EINTR
  }
}

extension stat {
  /// Whether this is a regular file: not a folder, device, pipe or socket.
  var isRegularFile: Bool { st_mode & S_IFMT == S_IFREG }

  /// The kind of file in words, with its article.
  var kindInWords: String {
    switch st_mode & S_IFMT {
    case S_IFREG: "a file"
    case S_IFDIR: "a folder"
    case S_IFIFO: "a pipe"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
  }
}
