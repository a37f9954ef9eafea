import GRDB

extension ResultsStore {
  /// The images of a part of a data set that somebody marked; `data` is the canonical path of the set.
  public func marks(of data: String, split: String) throws(StoreFailure) -> Set<String> {
    try read { database in
      try String.fetchSet(
        database, sql: "SELECT image FROM mark WHERE data = ? AND split = ?",
        arguments: [data, split])
    }
  }

  /// Marks an image, or takes its mark away.
  public func mark(_ image: String, of data: String, split: String, _ isMarked: Bool)
    throws(StoreFailure)
  {
    try write { database in
      try database.execute(
        sql: isMarked
          ? "INSERT OR IGNORE INTO mark (data, split, image) VALUES (?, ?, ?)"
          : "DELETE FROM mark WHERE data = ? AND split = ? AND image = ?",
        arguments: [data, split, image])
    }
  }
}
