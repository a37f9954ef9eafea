import Foundation
import GRDB

extension ResultsStore {
  /// Keeps what was counted on an image; an image that the run has already is left as it is.
  public func keep(_ image: StoredImage, of run: Int64) throws(StoreFailure) {
    try keep([image], of: run)
  }

  /// Keeps what was counted on several images, all of them or none.
  public func keep(_ images: [StoredImage], of run: Int64) throws(StoreFailure) {
    try write { database in
      let insertion = try database.cachedStatement(
        sql: "INSERT OR IGNORE INTO image (run, name, counts, milliseconds) VALUES (?, ?, ?, ?)")
      for image in images {
        try insertion.execute(arguments: [
          run, image.name, Data(image.encoded), image.milliseconds,
        ])
      }
    }
  }

  /// The names of the images that a run has counted.
  public func names(of run: Int64) throws(StoreFailure) -> Set<String> {
    try read { database in
      try String.fetchSet(
        database, sql: "SELECT name FROM image WHERE run = ?", arguments: [run])
    }
  }

  /// Tells `each` about every image of a run, in the order of their names.
  public func forEachImage(of run: Int64, _ each: (StoredImage) throws -> Void)
    throws(StoreFailure)
  {
    try read { database in
      let described = try Data.fetchOne(
        database, sql: "SELECT description FROM run WHERE id = ?", arguments: [run])
      guard let described else { return }
      let classes = try RunDescription(decoding: described).classes.count
      let rows = try Row.fetchCursor(
        database,
        sql: "SELECT name, counts, milliseconds FROM image WHERE run = ? ORDER BY name",
        arguments: [run])
      while let row = try rows.next() {
        let name = try row.decode(String.self, forColumn: "name")
        let bytes = try row.decode(Data.self, forColumn: "counts")
        do {
          try each(
            StoredImage(
              name: name, encoded: Array(bytes),
              milliseconds: row.decode(Double.self, forColumn: "milliseconds"),
              classes: classes))
        } catch let failure as CountsFailure {
          throw StoreFailure.damaged(path: path, reason: "\(name): \(failure)")
        }
      }
    }
  }

  /// All images of a run, in the order of their names.
  public func images(of run: Int64) throws(StoreFailure) -> [StoredImage] {
    var images: [StoredImage] = []
    try forEachImage(of: run) { images.append($0) }
    return images
  }
}
