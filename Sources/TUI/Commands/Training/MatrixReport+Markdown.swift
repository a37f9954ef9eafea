import Core

extension MatrixReport {
  /// The table in Markdown, and below it a line that says what its numbers are.
  var markdown: String {
    let columns = columns
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    let head = [line(columns.map(\.head)), "|" + String(repeating: "---|", count: columns.count)]
    let body = rows.map { row in line(columns.map { $0.cell(row) }) }
    return (head + body + ["", caption]).joined(separator: "\n")
  }

  private typealias Column = (head: String, cell: (Row) -> String)

  /// The columns in which some row has something to say.
  private var columns: [Column] {
    let list = seeds.map(String.init).joined(separator: ", ")
    var columns: [Column] = [
      ("run", { Self.escaped($0.name) }),
      ("mIoU of \(seeds.count == 1 ? "seed" : "seeds") \(list)", Self.valuesCell),
      ("mean", meanCell),
    ]
    if hasBest { columns.append(("best", { $0.best.map(Self.text) ?? "–" })) }
    if isCompared {
      columns.append(("against", { Self.lines($0.against.map(Self.escaped)) }))
      columns.append(("gain", { row in Self.lines(gains(of: row).map(gainText)) }))
    }
    if rows.contains(where: { $0.paper != nil }) { columns.append(("paper", paperCell)) }
    return columns
  }

  private var isCompared: Bool { rows.contains { !$0.against.isEmpty } }

  /// Whether a run was better than in the end.
  private var hasBest: Bool {
    rows.contains { row in row.runs.contains { $0.outcome?.best != $0.outcome?.last } }
  }

  private static func valuesCell(_ row: Row) -> String {
    row.runs.map { run in
      guard let outcome = run.outcome else { return "–" }
      return outcome.isDiverged ? "diverged" : outcome.last?.formatted(decimals: 2) ?? "–"
    }.joined(separator: ", ")
  }

  private func meanCell(_ row: Row) -> String {
    let diverged = row.divergedCount
    guard diverged == 0 else { return "– (\(diverged) of \(seeds.count) diverged)" }
    guard let mean = row.mean else { return "–" }
    let isWhole = mean.count == seeds.count
    return Self.text(mean) + (isWhole ? "" : " (\(mean.count) of \(seeds.count) seeds)")
  }

  private func gainText(_ gain: Gain) -> String {
    guard let mean = gain.mean else { return "–" }
    return Self.signed(mean.value) + Self.errorText(mean) + (mean.excludesZero ? "*" : "")
      + (mean.count == seeds.count ? "" : " (\(mean.count.counted("seed")))")
  }

  /// The paper's value, and what the row gains there over each that it is compared with.
  private func paperCell(_ row: Row) -> String {
    guard let paper = row.paper else { return "–" }
    let gains = gains(of: row).map(\.paper)
    let value = paper.formatted(decimals: 2)
    guard gains.contains(where: { $0 != nil }) else { return value }
    return "\(value) " + Self.lines(gains.map { "(\($0.map(Self.signed) ?? "–"))" })
  }

  /// What the numbers are, in words.
  private var caption: String {
    let isSingle = seeds.count == 1
    var sentences = [
      "mIoU in percent at the last validation"
        + (hasBest ? "; best: at the best one" : "")
        + (isSingle
          ? "; one seed has no standard error."
          : "; mean ± standard error (n − 1) over the seeds.")
    ]
    if isCompared { sentences.append("Gains are means of the differences at equal seeds.") }
    if !isSingle {
      let quantile = StudentsT.quantile(degrees: seeds.count - 1).formatted(decimals: 2)
      sentences.append(
        "The 95 % interval is t standard errors wide on each side, Student's t of n − 1 degrees "
          + "of freedom, \(quantile) for \(seeds.count) seeds"
          + (isCompared ? "; * marks gains whose interval excludes 0." : "."))
    }
    if isCompared, let residual {
      let (s, error, interval) = (residual.deviation, residual.gainError, residual.gainInterval)
      sentences.append(
        "Where the \(residual.rows) rows that have all seeds vary alike, by s = "
          + s.formatted(decimals: 2) + " beside row and seed with \(residual.degrees) degrees of "
          + "freedom, each gain between them is known to ± \(error.formatted(decimals: 2)) (its "
          + "standard error), and the interval excludes 0 from \(interval.formatted(decimals: 2)) on."
      )
    }
    return sentences.joined(separator: " ")
  }

  private static func text(_ mean: MatrixMean) -> String {
    mean.value.formatted(decimals: 2) + errorText(mean)
  }

  private static func errorText(_ mean: MatrixMean) -> String {
    mean.error.map { " ± " + $0.formatted(decimals: 2) } ?? ""
  }

  /// The number with its sign; what is rounded to 0 has none.
  private static func signed(_ value: Double) -> String {
    let text = abs(value).formatted(decimals: 2)
    return text == "0.00" ? text : (value < 0 ? "−" : "+") + text
  }

  private static func lines(_ texts: [String]) -> String {
    texts.isEmpty ? "–" : texts.joined(separator: "<br>")
  }

  /// A name as a cell, which ends at the next bar that no backslash stands before.
  private static func escaped(_ name: String) -> String {
    name.replacing("\\", with: "\\\\").replacing("|", with: "\\|").printable
  }
}
