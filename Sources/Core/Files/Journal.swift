import Glibc

/// A text file that only grows, line by line, so that work that was killed can go on where it stopped.
///
/// A line counts once its end has been written: what a killed process left of another one is cut off when the file is
/// opened again. While it is open no other process can open it.
public final class Journal {
  /// The path, as it was given.
  public let path: String
  /// The lines that stand in the file, without their ends.
  public private(set) var lines: [String]
  private let file: FileDescriptor
  private var length: Int

  /// The most that is read of a journal.
  private static let maxBytes = 1 << 30

  /// Opens the journal at `path`, or makes an empty one.
  ///
  /// Half a line alone is cut off only if it agrees with `beginning`, what every such journal begins with: any other is of
  /// another program.
  ///
  /// - Throws: `notAFile`, `tooLarge`, `unreadable`, or `unwritable`, also where another process has it open.
  public init(path: String, beginning: String = "") throws(FileFailure) {
    self.path = path
    guard let file = FileDescriptor(path, flags: O_RDWR | O_CREAT | O_APPEND, mode: 0o666) else {
      throw .unwritable(path: path, reason: FileDescriptor.lastReason)
    }
    guard file.lock() else {
      throw .unwritable(path: path, reason: Self.heldByAnother)
    }
    let bytes = try FileBytes.read(path, maxBytes: Self.maxBytes)
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let isOurs = zip(bytes, beginning.utf8).allSatisfy { $0 == $1 }
    guard end > 0 || isOurs else {
      throw .unwritable(path: path, reason: "it is a file of something else")
    }
    guard file.truncate(to: end) else {
      throw .unwritable(path: path, reason: FileDescriptor.lastReason)
    }
    self.file = file
    length = end
    lines = bytes[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .dropLast().map { String(decoding: $0, as: UTF8.self) }
  }

  /// Adds a line; on failure the file is as it was.
  public func append(_ line: String) throws(FileFailure) {
    precondition(!line.utf8.contains(UInt8(ascii: "\n")), "a journal's line holds no end of line")
    let bytes = Array((line + "\n").utf8)
    guard bytes.withUnsafeBytes({ file.write($0) }) else {
      let failure = FileFailure.unwritable(path: path, reason: FileDescriptor.lastReason)
      // What was written of the line does not count, even if it stays.
      _ = file.truncate(to: length)
      throw failure
    }
    length += bytes.count
    lines.append(line)
  }

  /// Keeps the lines up to the first that `isWanted` refuses; nothing of what follows stays.
  public func keep(while isWanted: (String) -> Bool) throws(FileFailure) {
    let kept = lines.prefix(while: isWanted)
    let end = kept.reduce(0) { $0 + $1.utf8.count + 1 }
    guard file.truncate(to: end) else {
      throw .unwritable(path: path, reason: FileDescriptor.lastReason)
    }
    length = end
    lines = Array(kept)
  }

  /// Removes all lines.
  public func clear() throws(FileFailure) {
    guard file.truncate(to: 0) else {
      throw .unwritable(path: path, reason: FileDescriptor.lastReason)
    }
    length = 0
    lines = []
  }
}
