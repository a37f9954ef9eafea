import Foundation

/// What tells one file of a name from the next.
struct FileStamp: Sendable, Equatable {
  private let number: UInt64
  private let modified: Date
  private let size: UInt64

  /// The stamp of the file that is at `path` now; `nil` where there is none.
  init?(_ path: String) {
    let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: file),
      let number = attributes[.systemFileNumber] as? NSNumber,
      let modified = attributes[.modificationDate] as? Date,
      let size = attributes[.size] as? NSNumber
    else { return nil }
    self.number = number.uint64Value
    self.modified = modified
    self.size = size.uint64Value
  }
}

/// A checkpoint that is not the one any more that a model was read from.
struct FileReplaced: Error, Equatable, CustomStringConvertible {
  let path: String

  var description: String {
    "\(path) has been replaced since it was read; start again, or follow a run with --watch"
  }
}
