import Core

/// What the runs of a table ended with, a line of JSON each in `results.jsonl` beside their folders.
///
/// A line is written as its run ends, and is enough for the run not to be made again: the file can be kept, and gone on from
/// elsewhere, where the folders are too large. It counts for what was asked for alone, on the same data and from the same
/// weights, wherever these lie.
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

  /// How `run` ended, if that is known and it was the same.
  func outcome(of run: MatrixRun) -> MatrixReport.Outcome? {
    guard let line = known[run.name], Self.line(line, isOf: run) else { return nil }
    let last = line["mIoU"]?.double
    return MatrixReport.Outcome(
      last: last, best: line["best"]?.double, isDiverged: line["diverged"]?.bool ?? (last == nil))
  }

  /// Notes how a run ended.
  func add(_ outcome: MatrixReport.Outcome, of run: MatrixRun) throws(FileFailure) {
    let line = JSON.object(
      [
        JSON.Member("run", .string(run.name)), JSON.Member("mIoU", outcome.last.json),
        JSON.Member("best", outcome.best.json), JSON.Member("diverged", .bool(outcome.isDiverged)),
      ] + run.files + [JSON.Member("asked", run.request.asked)])
    try journal.append(line.line)
    known[run.name] = line
  }

  /// Whether a line is of the same request and the same files; values are compared, so that keys of recipes may be added.
  private static func line(_ line: JSON, isOf run: MatrixRun) -> Bool {
    guard let asked = line["asked"], let request = try? TrainingRequest(asked, path: "asked") else {
      return false
    }
    let isSame = request.withoutPaths == run.request.withoutPaths
    return isSame
      && run.files.allSatisfy { file in
        line[file.key].map { $0 == file.value } ?? Self.isUsual(file)
      }
  }

  /// Whether a line of before files were noted is taken to be of a run on `file`: on any data, and from a backbone's weights.
  private static func isUsual(_ file: JSON.Member) -> Bool {
    switch file.key {
    case "weights": file.value != .null
    case "from": file.value == .null
    default: true
    }
  }
}

extension TrainingRequest {
  /// The request without paths, which say nothing of what lies there.
  fileprivate var withoutPaths: TrainingRequest {
    var request = self
    request.data = []
    request.from = nil
    request.weights = nil
    return request
  }

  /// The same as a line has it.
  fileprivate var asked: JSON {
    .object((json.object ?? []).filter { !["data", "from", "weights"].contains($0.key) })
  }
}
