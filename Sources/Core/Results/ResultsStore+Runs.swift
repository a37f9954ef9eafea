import Foundation
import GRDB

extension ResultsStore {
  /// All runs, the latest first.
  public func runs() throws(StoreFailure) -> [StoredRun] {
    try read { database in
      try Row.fetchAll(database, sql: Self.selection + " ORDER BY id DESC").map(Self.run)
    }
  }

  /// The run with this number.
  public func run(_ id: Int64) throws(StoreFailure) -> StoredRun {
    try read { database in
      guard
        let row = try Row.fetchOne(database, sql: Self.selection + " WHERE id = ?", arguments: [id])
      else { throw StoreFailure.noRun(id: id, path: path) }
      return try Self.run(row)
    }
  }

  /// The latest run that measures the same as `description`.
  public func latest(like description: RunDescription) throws(StoreFailure) -> StoredRun? {
    try read { database in
      try Row.fetchOne(
        database, sql: Self.selection + " WHERE key = ? ORDER BY id DESC LIMIT 1",
        arguments: [description.key]
      ).map(Self.run)
    }
  }

  /// Begins a run that is to count `images` images.
  public func begin(_ description: RunDescription, images: Int) throws(StoreFailure) -> StoredRun {
    let id = try write { database in
      try database.execute(
        sql: "INSERT INTO run (key, description, images, started) VALUES (?, ?, ?, ?)",
        arguments: [
          description.key, description.encoded, images, Date().timeIntervalSince1970,
        ])
      return database.lastInsertedRowID
    }
    return try run(id)
  }

  /// Deletes a run with all it counted.
  public func delete(_ id: Int64) throws(StoreFailure) {
    try write { database in
      try database.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [id])
      guard database.changesCount == 1 else { throw StoreFailure.noRun(id: id, path: path) }
    }
  }

  private static let selection = """
    SELECT id, description, images, started,
      (SELECT COUNT(*) FROM image WHERE image.run = run.id) AS counted FROM run
    """

  private static func run(_ row: Row) throws -> StoredRun {
    let description = try RunDescription(
      decoding: row.decode(Data.self, forColumn: "description"))
    return StoredRun(
      id: try row.decode(Int64.self, forColumn: "id"), description: description,
      started: Date(timeIntervalSince1970: try row.decode(Double.self, forColumn: "started")),
      images: try row.decode(Int.self, forColumn: "images"),
      counted: try row.decode(Int.self, forColumn: "counted"))
  }
}
