import Core

/// What the runs of a table ended with, a line of JSON each in `results.jsonl` beside their folders.
///
/// A line is written as its run ends, and is enough for the run not to be made again: the file can be kept, and gone on from
/// elsewhere, where the folders are too large. It counts for what was asked for alone, wherever data and weights lie.
final class MatrixResults {
  private let journal: Journal
  private var known: [String: JSON] = [:]

  /// The results of the table in `folder`, which is made where it is not there.
  init(in folder: String) throws(FileFailure) {
    try Folder.create(folder)
    journal = try Journal(path: folder.appendingPath("results.jsonl"), beginning: "{\"run\"")
    for line in journal.lines {
      guard let result = try? JSON(line), let run = result["run"]?.string else { continue }
      known[run] = result
    }
  }

  /// How the run in `folder` ended, if it is known and was the same.
  func result(
    of folder: String, seed: Int, _ request: TrainingRequest
  ) -> MatrixReport.Run? {
    guard let result = known[folder], result["asked"]?.line == request.withoutPlaces.line else {
      return nil
    }
    return MatrixReport.Run(
      seed: seed, folder: folder, last: result["mIoU"]?.double, best: result["best"]?.double)
  }

  /// Notes how a run ended.
  func add(_ run: MatrixReport.Run, of folder: String, _ request: TrainingRequest)
    throws(FileFailure)
  {
    let line = JSON.object([
      JSON.Member("run", .string(folder)), JSON.Member("mIoU", run.last.json),
      JSON.Member("best", run.best.json), JSON.Member("asked", request.withoutPlaces),
    ])
    try journal.append(line.line)
    known[folder] = line
  }
}

extension TrainingRequest {
  /// What is asked for, but not where the files lie.
  fileprivate var withoutPlaces: JSON {
    let places: Set = ["data", "from", "weights"]
    return .object((json.object ?? []).filter { !places.contains($0.key) })
  }
}
