import Core

/// What a table of trainings found.
struct MatrixReport {
  /// What became of the runs of a row.
  struct Row {
    let name: String
    let paper: Double?
    /// The row that this one is compared with.
    var against: String?
    var runs: [Run] = []
  }

  /// A run that is over.
  struct Run {
    let seed: Int
    /// The path of its folder.
    let folder: String
    let outcome: Outcome
  }

  /// How a run ended.
  struct Outcome: Equatable {
    /// Mean IoU in percent at the last validation and at the best one; `nil` where there is none.
    var last, best: Double?
    /// Whether its numbers were no longer finite.
    var isDiverged = false
  }

  var rows: [Row] = []

  /// The table in Markdown: means over the seeds, with their standard errors; with what rows gain over others, where they
  /// are compared.
  var markdown: String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    let isCompared = rows.contains { $0.against != nil }
    let head = ["run", "seeds", "mIoU", "best"] + (isCompared ? ["gain over"] : []) + ["paper"]
    let body = rows.map { row in
      let gain = isCompared ? [gainText(of: row)] : []
      return line(
        [
          Self.cell(row.name), "\(row.runs.count)", Self.text(row.runs.map(\.outcome.last)),
          Self.text(row.runs.map(\.outcome.best)),
        ] + gain + [paperText(of: row)])
    }
    return ([line(head), "|" + String(repeating: "---|", count: head.count)] + body)
      .joined(separator: "\n")
  }

  /// What a row gains over the one that it is compared with, seed by seed: seeds settle the order of samples and their crops
  /// whatever the model.
  private func gains(of row: Row) -> [Double?]? {
    baseline(of: row).map { baseline in
      row.runs.map { run in
        let other = baseline.runs.first { $0.seed == run.seed }?.outcome.last
        return run.outcome.last.flatMap { value in other.map { value - $0 } }
      }
    }
  }

  private func baseline(of row: Row) -> Row? { rows.first { $0.name == row.against } }

  private func gainText(of row: Row) -> String {
    guard let baseline = baseline(of: row), let gains = gains(of: row) else { return "–" }
    return "\(Self.text(gains, isSigned: true)), \(Self.cell(baseline.name))"
  }

  /// The paper's value, and what the row gains there.
  private func paperText(of row: Row) -> String {
    guard let paper = row.paper else { return "–" }
    let other = baseline(of: row)?.paper
    return paper.formatted(decimals: 2) + (other.map { " (\(Self.signed(paper - $0)))" } ?? "")
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
              let mean = Self.mean(row.runs.map(\.outcome.last))
              let gain = gains(of: row).flatMap(Self.mean)
              return .object([
                JSON.Member("name", .string(row.name)), JSON.Member("mIoU", (mean?.value).json),
                JSON.Member("standard_error", (mean?.error).json),
                JSON.Member("best", (Self.mean(row.runs.map(\.outcome.best))?.value).json),
                JSON.Member("paper", row.paper.json),
                JSON.Member("against", row.against.map { .string($0) } ?? .null),
                JSON.Member("gain", (gain?.value).json),
                JSON.Member("gain_standard_error", (gain?.error).json),
                JSON.Member(
                  "runs",
                  .array(
                    row.runs.map { run in
                      .object([
                        JSON.Member("seed", .number("\(run.seed)")),
                        JSON.Member("folder", .string(run.folder)),
                        JSON.Member("mIoU", run.outcome.last.json),
                        JSON.Member("best", run.outcome.best.json),
                        JSON.Member("diverged", .bool(run.outcome.isDiverged)),
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

  private static func text(_ values: [Double?], isSigned: Bool = false) -> String {
    guard let mean = mean(values) else { return "–" }
    return (isSigned ? signed(mean.value) : mean.value.formatted(decimals: 2))
      + (mean.error.map { " ± " + $0.formatted(decimals: 2) } ?? "")
  }

  private static func signed(_ value: Double) -> String {
    (value < 0 ? "−" : "+") + abs(value).formatted(decimals: 2)
  }

  private static func cell(_ name: String) -> String { name.replacing("|", with: "\\|").printable }
}

extension Double? {
  /// A percentage in a table's JSON, or null.
  var json: JSON { map { .number($0, decimals: 4) } ?? .null }
}
