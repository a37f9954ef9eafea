import Core

/// What the runs of a table ended with, a line of JSON each.
///
/// A line is enough for its run not to be made again. It counts for what was asked for alone, on the same data and from the
/// same weights, wherever these lie.
struct MatrixResults {
  /// The lines of each run, oldest first.
  private var lines: [String: [JSON]] = [:]

  /// Those of a file's lines that are lines of results.
  init(_ texts: some Sequence<String>) {
    for text in texts {
      guard let line = try? JSON(text), let run = line["run"]?.string else { continue }
      lines[run, default: []].append(line)
    }
  }

  /// The line of a run that ended in `outcome`.
  static func line(_ outcome: MatrixOutcome, of run: MatrixRun) -> JSON {
    .object(
      [JSON.Member("run", .string(run.name))] + outcome.members + (run.files ?? [])
        + [JSON.Member("asked", run.request.asked)])
  }

  /// How `run` ended, by the newest line that counts for it.
  func outcome(of run: MatrixRun) -> MatrixOutcome? {
    line(of: run).flatMap { MatrixOutcome($0) }
  }

  /// Why the newest line of `run` does not count; `nil` where one does, or there is none.
  func mismatch(for run: MatrixRun) -> Mismatch? {
    guard outcome(of: run) == nil else { return nil }
    return lines[run.name]?.last.flatMap { Mismatch(of: $0, for: run) }
  }

  /// What the lines that count for `runs` differ in though the table names it alike: nouns, "data" or "weights".
  ///
  /// It can be so where they were not opened, and lines of several places were put together.
  func mixtures(among runs: [MatrixRun]) -> [String] {
    func isMixed<Asked: Hashable>(_ key: String, _ asked: (TrainingRequest) -> Asked) -> Bool {
      var digests: [Asked: Set<String>] = [:]
      for run in runs {
        if let digest = line(of: run)?[key]?.string {
          digests[asked(run.request), default: []].insert(digest)
        }
      }
      return digests.values.contains { $0.count > 1 }
    }
    return [
      isMixed("data", MatrixInputs.Samples.init) ? "data" : nil,
      isMixed("weights", \.weights) || isMixed("from", \.from) ? "weights" : nil,
    ].compactMap { $0 }
  }

  /// The newest line that counts for a run.
  private func line(of run: MatrixRun) -> JSON? {
    lines[run.name]?.last { Mismatch(of: $0, for: run) == nil }
  }

  /// Why a line does not count for the run that it names.
  enum Mismatch: Equatable, CustomStringConvertible {
    /// Other keys, "steps is 500, not 100", or none that can be read.
    case request([String])
    /// Another "data", "weights" or "from".
    case file(String)
    /// The line does not say which.
    case unknownFile(String)
    case noScore

    /// Words that follow "the line does not count: ".
    var description: String {
      switch self {
      case .request(let differences) where differences.isEmpty: "its request cannot be read"
      case .request(let differences):
        "it is of another request, " + differences.prefix(3).joined(separator: ", ")
          + (differences.count > 3 ? ", …" : "")
      case .file(let key): "it is of other \(Self.noun(key))"
      case .unknownFile(let key): "it does not say of which \(Self.noun(key)) it is"
      case .noScore: "it has no mIoU"
      }
    }

    private static func noun(_ key: String) -> String { key == "data" ? "data" : "weights" }
  }
}

extension MatrixResults.Mismatch {
  /// `nil` where the line counts; values are compared, so that keys of recipes may be added.
  fileprivate init?(of line: JSON, for run: MatrixRun) {
    guard let asked = line["asked"], let request = try? TrainingRequest(asked, path: "asked") else {
      self = .request([])
      return
    }
    let ours = run.request.withoutPaths
    let theirs = request.withoutPaths
    if ours != theirs {
      self = .request(theirs.differences(from: ours))
    } else if let difference = Self.difference(of: line, to: run) {
      self = difference
    } else if MatrixOutcome(line) == nil {
      self = .noScore
    } else {
      return nil
    }
  }

  /// Where a run's files were not opened, it only matters whether weights are asked for.
  private static func difference(of line: JSON, to run: MatrixRun) -> Self? {
    guard let files = run.files else {
      let asked = [("weights", run.request.weights), ("from", run.request.from)]
      let other = asked.first { key, path in
        line[key].map { ($0 == .null) != (path == nil) } ?? false
      }
      return other.map { .file($0.0) }
    }
    for file in files where line[file.key] != file.value {
      return line[file.key] == nil ? .unknownFile(file.key) : .file(file.key)
    }
    return nil
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
