import Glibc

/// Reading a whole file into memory.
public enum FileBytes {
  /// The size of the file at `path` in bytes; `nil` where there is none.
  public static func count(_ path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 && status.isRegularFile ? Int(status.st_size) : nil
  }

  /// The last `count` bytes of the file at `path`, or all of a shorter one; none where it cannot be read.
  static func tail(of path: String, _ count: Int) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    var bytes = [UInt8](repeating: 0, count: min(count, max(0, size)))
    let room = bytes.count
    let got = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, room, size - room) }
    return Array(bytes.prefix(max(0, got)))
  }

  /// The contents of the regular file at `path`, at most `maxBytes` of them.
  ///
  /// Folders, pipes, sockets and devices are refused without waiting for them. The size that the
  /// system reports is only a first guess: files that grow, and those that report 0, are read to
  /// their end.
  public static func read(_ path: String, maxBytes: Int) throws(FileFailure) -> [UInt8] {
    precondition(maxBytes >= 0, "a file cannot be read up to \(maxBytes) bytes")
    guard let file = FileDescriptor(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY) else {
      switch errno {
      case ENOENT, ENOTDIR: throw .missing(path: path)
      case ENXIO: throw .notAFile(path: path, kind: "a socket or a device")
      default: throw .unreadable(path: path, reason: FileDescriptor.lastReason)
      }
    }
    guard let status = file.status else {
      throw .unreadable(path: path, reason: FileDescriptor.lastReason)
    }
    guard status.isRegularFile else {
      throw .notAFile(path: path, kind: status.kindInWords)
    }
    guard status.st_size <= maxBytes else { throw .tooLarge(path: path, limit: maxBytes) }

    var bytes: [UInt8] = []
    // One more than reported, so that the read that finds the end needs no larger array.
    var room = Int(status.st_size) + 1
    bytes.reserveCapacity(room)
    while true {
      let start = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: room))
      let count = bytes.withUnsafeMutableBytes {
        file.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[start...]))
      }
      guard count >= 0 else {
        throw .unreadable(path: path, reason: FileDescriptor.lastReason)
      }
      bytes.removeLast(room - count)
      guard bytes.count <= maxBytes else { throw .tooLarge(path: path, limit: maxBytes) }
      if count == 0 { return bytes }
      room = room > count ? room - count : 1 << 16
    }
  }
}
