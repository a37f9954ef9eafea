import GRDB

/// Why results could not be kept or found again.
public enum StoreFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The store cannot be opened, for the reason that the system gave.
  case unopened(path: String, reason: String)
  /// The file is no store, or a damaged one.
  case damaged(path: String, reason: String)
  /// A later version of this program made the store.
  case newer(path: String)
  /// The disk is full; what was written before stands.
  case full(path: String)
  /// The store may be read but not written.
  case readOnly(path: String)
  /// Another process held the store for too long.
  case busy(path: String)
  /// There is no such run.
  case noRun(id: Int64, path: String)
  /// Something else that SQLite complains about.
  case other(path: String, reason: String)

  /// What went wrong under `error`, an error of the database.
  init(_ error: any Error, path: String) {
    if error is DecodingError || error is RowDecodingError {
      self = .damaged(path: path, reason: "a run or an image in it cannot be read")
      return
    }
    guard let error = error as? DatabaseError else {
      self = (error as? StoreFailure) ?? .other(path: path, reason: "\(error)")
      return
    }
    let reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_FULL, .SQLITE_IOERR: self = .full(path: path)
    case .SQLITE_READONLY, .SQLITE_PERM: self = .readOnly(path: path)
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
    case .SQLITE_NOTADB, .SQLITE_CORRUPT: self = .damaged(path: path, reason: reason)
    case .SQLITE_CONSTRAINT:
      self = .other(path: path, reason: "the run was deleted meanwhile; measure again")
    case .SQLITE_CANTOPEN: self = .unopened(path: path, reason: reason)
    default: self = .other(path: path, reason: reason)
    }
  }

  /// One sentence with the path, what was found, and what to do.
  public var description: String {
    switch self {
    case .unopened(let path, let reason):
      "\(path): the results cannot be opened (\(reason)); check the folder and its permissions, or name another file with --store"
    case .damaged(let path, let reason):
      "\(path): not a store of results, or damaged (\(reason)); name another file with --store"
    case .newer(let path):
      "\(path): made by a later version of hfgd; update hfgd, or name another file with --store"
    case .full(let path):
      "\(path): the disk is full or failing; what was written before is kept: make room, then go on with --resume"
    case .readOnly(let path):
      "\(path): the results may not be written; make the file and its folder writable, or name another file with --store"
    case .busy(let path):
      "\(path): another process kept the results locked; end it, then go on with --resume"
    case .noRun(let id, let path):
      "\(path): there is no run \(id); hfgd runs lists them"
    case .other(let path, let reason):
      "\(path): \(reason)"
    }
  }
}
