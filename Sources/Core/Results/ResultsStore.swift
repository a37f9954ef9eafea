import Foundation
import GRDB

/// Runs and what they counted on each image, in a SQLite file that survives every end of the process.
///
/// Each image is written in a transaction of its own as it is finished. Any number of processes may use the file at
/// once. The file stands beside `-wal` and `-shm` files while it is open.
public final class ResultsStore: Sendable {
  /// The path of the file.
  public let path: String
  let database: DatabaseQueue

  /// How long to wait for other processes' transactions, in seconds; they take milliseconds.
  private static let patience = 20.0

  /// Opens the file at `path`, which is made with its folder where there is none.
  ///
  /// A database of another program is refused and left as it is.
  public init(path: String) throws(StoreFailure) {
    self.path = path
    // The library would take a leading tilde for a home folder, the rest of the system would not.
    let file = path.hasPrefix("~") ? "./" + path : path
    let folder = path.parentFolder
    do {
      if !folder.isEmpty {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
      }
    } catch {
      throw .unopened(path: path, reason: "its folder cannot be made")
    }
    var configuration = Configuration()
    configuration.busyMode = .timeout(Self.patience)
    configuration.journalMode = .wal
    configuration.prepareDatabase { database in
      // With a write-ahead log a killed process loses nothing; only a power cut may lose the last images.
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
    }
    do {
      try Self.refuseOthers(file, path)
      database = try DatabaseQueue(path: file, configuration: configuration)
      let migrator = Self.migrator
      if try database.read(migrator.hasBeenSuperseded) { throw StoreFailure.newer(path: path) }
      try migrator.migrate(database)
    } catch {
      throw StoreFailure(error, path: path)
    }
  }

  /// Throws where there is a database that holds tables of somebody else.
  private static func refuseOthers(_ file: String, _ path: String) throws {
    guard let size = FileBytes.count(file), size > 0 else { return }
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(patience)
    let tables = try DatabaseQueue(path: file, configuration: configuration).read { database in
      try String.fetchSet(
        database,
        sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    }
    guard tables.isEmpty || tables.contains("grdb_migrations") else {
      throw StoreFailure.damaged(path: path, reason: "a database of another program")
    }
  }

  /// What the tables are, version by version.
  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(
        sql: """
          CREATE TABLE run (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL,
            description BLOB NOT NULL,
            images INTEGER NOT NULL,
            started REAL NOT NULL
          );
          CREATE INDEX run_by_key ON run (key);
          CREATE TABLE image (
            run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
            name TEXT NOT NULL,
            counts BLOB NOT NULL,
            milliseconds REAL NOT NULL,
            PRIMARY KEY (run, name)
          ) WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("2") { database in
      try database.execute(
        sql: """
          CREATE TABLE mark (
            data TEXT NOT NULL,
            split TEXT NOT NULL,
            image TEXT NOT NULL,
            PRIMARY KEY (data, split, image)
          ) WITHOUT ROWID;
          """)
    }
    return migrator
  }

  /// Closes the file, whose `-wal` and `-shm` files go; nothing can be read or written after that.
  public func close() throws(StoreFailure) {
    do { try database.close() } catch { throw StoreFailure(error, path: path) }
  }

  func read<Result>(_ body: (Database) throws -> Result) throws(StoreFailure) -> Result {
    do { return try database.read(body) } catch { throw StoreFailure(error, path: path) }
  }

  func write<Result>(_ body: (Database) throws -> Result) throws(StoreFailure) -> Result {
    do { return try database.write(body) } catch { throw StoreFailure(error, path: path) }
  }
}
