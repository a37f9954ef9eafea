import Core

/// What a model loses by corruptions of its pictures: mIoU, percent, by kind and severity.
struct RobustnessReport {
  /// The clean run.
  let description: RunDescription
  private let corruptions: [Corruption]
  private(set) var convention = Convention.mmseg
  private(set) var images = 0
  /// The mIoU of clean pictures.
  private(set) var clean = Double.nan
  private var scores: [Corruption: Double] = [:]

  /// A table that is to be filled.
  init(_ description: RunDescription, _ corruptions: [Corruption]) {
    self.description = description
    self.corruptions = corruptions
  }

  /// Enters what was measured under a corruption; `nil` are the clean pictures.
  mutating func add(_ report: EvaluationReport, of corruption: Corruption?) {
    let score = 100 * report.scores.meanIoU
    guard let corruption else {
      (clean, images, convention) = (score, report.images.count, report.convention)
      return
    }
    scores[corruption] = score
  }

  /// A line of the table.
  struct Row {
    let kind: Corruption.Kind
    /// By severity from 1; `nil` where it was not asked for.
    let scores: [Double?]
    /// Of those that there are.
    let mean: Double
    /// The mean in percent of the clean mIoU.
    let relative: Double
  }

  /// A line for each kind that was asked for.
  var rows: [Row] {
    Corruption.Kind.allCases.compactMap { kind in
      guard corruptions.contains(where: { $0.kind == kind }) else { return nil }
      let scores = Corruption.severities.map { self.scores[Corruption(kind, severity: $0)] }
      let mean = Self.mean(scores.compactMap { $0 })
      return Row(kind: kind, scores: scores, mean: mean, relative: 100 * mean / clean)
    }
  }

  /// The mean over the rows' means.
  var mean: Double { Self.mean(rows.map(\.mean)) }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }
}

extension RobustnessReport {
  /// The table in the form that was asked for.
  func printed(_ output: EvaluationOutput, asJSON isJSON: Bool) -> String {
    if isJSON { return json.text }
    if output.csv { return csv }
    return output.markdown ? markdown : text
  }

  private var heading: [String] {
    ["corruption"] + Corruption.severities.map { "\($0)" } + ["mean", "% of clean"]
  }

  /// The cells of the lines, and those of the mean over all.
  private func cells(_ number: (Double) -> String) -> [[String]] {
    rows.map { row in
      [row.kind.rawValue] + row.scores.map { $0.map(number) ?? "" }
        + [number(row.mean), number(row.relative)]
    } + [
      ["mean"] + Corruption.severities.map { _ in "" } + [number(mean), number(100 * mean / clean)]
    ]
  }

  private var title: String {
    let stride = description.outputStride > 0 ? " OS \(description.outputStride)" : ""
    return
      "\(description.name.printable)\(stride) on \(description.data.printable) "
      + "\(description.split.printable), \(images.counted("image"))"
  }

  /// Lines to read.
  var text: String {
    var table = TextTable(heading)
    for cells in cells({ $0.formatted(decimals: 2) }) { table.add(cells) }
    return [
      title, "\(description.rules.printable) · convention \(convention.rawValue)",
      "mIoU by severity; clean \(clean.formatted(decimals: 2))", "", table.text,
    ].joined(separator: "\n")
  }

  /// A line for each kind, four digits.
  var csv: String {
    ([["corruption", "1", "2", "3", "4", "5", "mean", "relative"]]
      + [["clean", "", "", "", "", "", CSV.number(clean), CSV.number(100)]] + cells(CSV.number))
      .map(CSV.line).joined(separator: "\n")
  }

  /// A table to paste.
  var markdown: String {
    func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    return
      ([
        "\(title.replacing("|", with: "\\|")), clean mIoU \(clean.formatted(decimals: 2))", "",
        row(heading), "|" + String(repeating: "---|", count: heading.count),
      ] + cells { $0.formatted(decimals: 2) }.map(row)).joined(separator: "\n")
  }

  /// All numbers, percent, as `hfgd.robustness/1`.
  var json: JSON {
    func number(_ value: Double) -> JSON { .number(value, decimals: 4) }
    return .report(
      "robustness",
      description.identification + [
        JSON.Member("images", .number("\(images)")),
        JSON.Member("convention", .string(convention.rawValue)),
        JSON.Member("clean", number(clean)),
        JSON.Member(
          "corruptions",
          .array(
            rows.map { row in
              .object([
                JSON.Member("name", .string(row.kind.rawValue)),
                JSON.Member("mIoU", .array(row.scores.map { $0.map(number) ?? .null })),
                JSON.Member("mean", number(row.mean)),
                JSON.Member("relative", number(row.relative)),
              ])
            })),
        JSON.Member("mean", number(mean)),
        JSON.Member("relative", number(100 * mean / clean)),
      ])
  }
}
