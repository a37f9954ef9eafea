import Foundation
import GRDB

extension ResultsStore {
  /// A run with all that it counted; damaged counts are refused.
  public func contents(of id: Int64) throws(StoreFailure) -> RunContents {
    let run = try run(id)
    let images = try images(of: id).map {
      EncodedImage(name: $0.name, counts: $0.encoded, milliseconds: $0.milliseconds)
    }
    return RunContents(description: run.description, started: run.started, images: images)
  }

  /// Adds a run with all that it counted, under a number of its own: the whole of it or, where that fails, nothing.
  public func add(_ contents: RunContents) throws(StoreFailure) -> StoredRun {
    let id = try write { database in
      try database.execute(
        sql: "INSERT INTO run (key, description, images, started) VALUES (?, ?, ?, ?)",
        arguments: [
          contents.description.key, contents.description.encoded,
          contents.description.imagesToCount, contents.started.timeIntervalSince1970,
        ])
      let id = database.lastInsertedRowID
      let insertion = try database.cachedStatement(
        sql: "INSERT INTO image (run, name, counts, milliseconds) VALUES (?, ?, ?, ?)")
      for image in contents.images {
        try insertion.execute(arguments: [id, image.name, Data(image.counts), image.milliseconds])
      }
      return id
    }
    return try run(id)
  }
}
