import Core

/// What a table of trainings found.
struct MatrixReport {
  /// What became of the runs of a row.
  struct Row {
    let name: String
    let paper: Double?
    var runs: [Run] = []
  }

  /// A run that is over.
  struct Run {
    let seed: Int
    let folder: String
    /// Mean IoU in percent at the last validation and at the best one; `nil` where the run diverged.
    let last, best: Double?
  }

  var rows: [Row] = []

  /// The table in Markdown: means over the seeds, with their standard errors.
  var markdown: String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    let body = rows.map { row in
      line([
        row.name.replacing("|", with: "\\|").printable, "\(row.runs.count)",
        Self.text(row.runs.map(\.last)), Self.text(row.runs.map(\.best)),
        row.paper.map { $0.formatted(decimals: 2) } ?? "–",
      ])
    }
    return
      ([line(["run", "seeds", "mIoU", "best", "paper"]), "|---|---|---|---|---|"] + body)
      .joined(separator: "\n")
  }

  /// The same for programs, every run for itself too.
  var json: JSON {
    .report(
      "matrix",
      [
        JSON.Member(
          "rows",
          .array(
            rows.map { row in
              let mean = Self.mean(row.runs.map(\.last))
              return .object([
                JSON.Member("name", .string(row.name)), JSON.Member("mIoU", (mean?.value).json),
                JSON.Member("standard_error", (mean?.error).json),
                JSON.Member("best", (Self.mean(row.runs.map(\.best))?.value).json),
                JSON.Member("paper", row.paper.json),
                JSON.Member(
                  "runs",
                  .array(
                    row.runs.map { run in
                      .object([
                        JSON.Member("seed", .number("\(run.seed)")),
                        JSON.Member("folder", .string(run.folder)),
                        JSON.Member("mIoU", run.last.json),
                        JSON.Member("best", run.best.json),
                      ])
                    })),
              ])
            }))
      ])
  }

  /// The mean of `values` and its standard error, s / √n with s² = Σ (x − mean)² / (n − 1), which one value has not;
  /// `nil` where a value is missing.
  static func mean(_ values: [Double?]) -> (value: Double, error: Double?)? {
    let known = values.compactMap { $0 }
    guard known.count == values.count, !known.isEmpty else { return nil }
    let count = Double(known.count)
    let mean = known.reduce(0, +) / count
    guard known.count > 1 else { return (mean, nil) }
    let squares = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / (count - 1) / count).squareRoot())
  }

  private static func text(_ values: [Double?]) -> String {
    guard let mean = mean(values) else { return "–" }
    return mean.value.formatted(decimals: 2)
      + (mean.error.map { " ± " + $0.formatted(decimals: 2) } ?? "")
  }
}

extension Double? {
  /// A percentage in a table's JSON, or null.
  var json: JSON { map { .number($0, decimals: 4) } ?? .null }
}
