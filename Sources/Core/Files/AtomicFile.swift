import Glibc

/// Writing a whole file so that nobody ever sees half of it.
///
/// The bytes go into a new file in the same folder, which takes the name only when all of them were
/// accepted by the system. On any failure the new file is removed, and what stood there before
/// stays.
public enum AtomicFile {
  /// Writes `bytes` to `path`, replacing a regular file that is there and keeping its permissions.
  ///
  /// A symbolic link is followed. With `isDurable` the call returns only when the bytes are on the
  /// disk.
  /// - Throws: `notAFile` where a folder, pipe or device has the name; else `unwritable`.
  public static func write(
    _ bytes: some Collection<UInt8>, to path: String, isDurable: Bool = false
  ) throws(FileFailure) {
    let outcome = bytes.withContiguousStorageIfAvailable { buffer in
      Result { () throws(FileFailure) in
        try write([UnsafeRawBufferPointer(buffer)], to: path, isDurable: isDurable)
      }
    }
    guard let outcome else {
      return try write(Array(bytes), to: path, isDurable: isDurable)
    }
    try outcome.get()
  }

  /// Writes the `pieces` one after the other; otherwise as `write(_:to:isDurable:)` for bytes.
  ///
  /// A header and a large payload need not be joined in memory first.
  public static func write(
    _ pieces: [UnsafeRawBufferPointer], to path: String, isDurable: Bool = false
  ) throws(FileFailure) {
    do {
      try write(to: path, isDurable: isDurable) { sink in
        for piece in pieces { try sink.write(piece) }
      }
    } catch let failure as FileFailure {
      throw failure
    } catch {
      preconditionFailure("writing \(path) failed with \(error)")
    }
  }

  /// Where the bytes of a file that is being written go.
  public struct Sink: ~Copyable {
    fileprivate let file: FileDescriptor
    fileprivate let path: String

    /// Appends `bytes`.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(FileFailure) {
      guard file.write(bytes) else {
        throw .unwritable(path: path, reason: FileDescriptor.lastReason)
      }
    }

    fileprivate consuming func close() -> Bool { file.close() }
  }

  /// Writes what `body` hands to a sink, so that a file of any size needs no memory; otherwise as `write(_:to:isDurable:)`.
  ///
  /// Where `body` throws, nothing is written.
  public static func write(
    to path: String, isDurable: Bool = false, _ body: (borrowing Sink) throws -> Void
  ) throws {
    let (target, permissions) = try destination(path)
    let draft =
      folder(of: target) + "\(draftPrefix)\(String(UInt64.random(in: 0 ... .max), radix: 36))"
    func refusal() -> FileFailure {
      .unwritable(path: path, reason: FileDescriptor.lastReason)
    }
    guard let file = FileDescriptor(draft, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o666) else {
      throw refusal()
    }
    let sink = Sink(file: file, path: path)
    do { try body(sink) } catch {
      unlink(draft)
      throw error
    }
    var isComplete = true
    if let permissions { isComplete = sink.file.setPermissions(permissions) }
    if isComplete, isDurable { isComplete = sink.file.synchronise() }
    guard isComplete else {
      let failure = refusal()
      unlink(draft)
      throw failure
    }
    guard sink.close(), rename(draft, target) == 0 else {
      let failure = refusal()
      unlink(draft)
      throw failure
    }
    if isDurable, let folder = FileDescriptor(folder(of: target), flags: O_RDONLY) {
      _ = folder.synchronise()  // some file systems cannot; the bytes themselves are safe
    }
  }

  /// What the names of files begin with until they are whole.
  private static let draftPrefix = ".draft-"

  /// Removes the drafts in `folder` that killed processes left behind; nobody may be writing there.
  static func removeDrafts(in folder: String) throws(FileFailure) {
    guard let listing = opendir(folder) else {
      throw .unreadable(path: folder, reason: FileDescriptor.lastReason)
    }
    defer { closedir(listing) }
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
      }
      if name.hasPrefix(draftPrefix) { unlink(folder.appendingPath(name)) }
    }
  }

  /// Where a write to `path` ends up, links followed, and the permissions of a file that is there.
  private static func destination(
    _ path: String
  ) throws(FileFailure) -> (path: String, permissions: mode_t?) {
    var status = stat()
    guard stat(path, &status) == 0 else { return (afterLinks(path), nil) }
    guard status.isRegularFile else {
      throw .notAFile(path: path, kind: status.kindInWords)
    }
    guard let resolved = realpath(path, nil) else {
      throw .unwritable(path: path, reason: FileDescriptor.lastReason)
    }
    defer { free(resolved) }
    return (String(cString: resolved), status.st_mode & 0o777)
  }

  /// Where the links that `path` may be lead, to a file that is not there yet.
  private static func afterLinks(_ path: String) -> String {
    var path = path
    // As many as the system follows.
    for _ in 0..<40 {
      var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink(path, &bytes, bytes.count)
      guard count > 0 else { return path }
      let target = String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
      path = target.hasPrefix("/") ? target : path.parentFolder.appendingPath(target)
    }
    return path
  }

  /// The part of `path` up to its last slash, and "./" where there is none.
  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
  }
}
