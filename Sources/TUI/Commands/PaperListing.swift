import Core

/// A paper's table beside what our presets of its rows are made of.
struct PaperListing {
  private let table: PaperTable
  private let sizes: [ModelSize]

  /// Counts the operations of every row.
  init(_ table: PaperTable) {
    self.table = table
    sizes = table.rows.map {
      ModelSize($0.configuration, side: $0.side, outputStride: $0.outputStride)
    }
  }

  /// The table as text; figures that the paper does not give are left out with their column.
  var text: String {
    let hasCosts = table.rows.contains { $0.gigaFLOPs != nil }
    let hasTraining = table.rows.contains { $0.training != nil }
    let figures =
      ModelSize.heading + (hasCosts ? ["paper: GFLOPs"] : []) + ["paper: mIoU"]
      + (table.secondFigure.map { ["paper: \($0)"] } ?? [])
    let words = table.columns.count
    var text = TextTable(
      table.columns + ["preset"] + figures + (hasTraining ? ["trained with"] : []),
      columnsOfWords: Set(0...words).union(hasTraining ? [words + 1 + figures.count] : []))
    for (row, size) in zip(table.rows, sizes) {
      let name = row.outputStride.map { "\(row.preset) --os \($0)" } ?? row.preset
      func cell(_ figure: Double?) -> String { figure?.formatted(decimals: 2) ?? "–" }
      text.add(
        row.words + [name] + size.cells + (hasCosts ? [cell(row.gigaFLOPs)] : [])
          + [cell(row.mIoU)] + (table.secondFigure == nil ? [] : [cell(row.second)])
          + (hasTraining ? [row.training ?? ""] : []))
    }
    return "Table \(table.number): \(table.title)\n\n\(text.text)"
  }

  /// The table as `hfgd.models/1`.
  var json: JSON {
    JSON.report(
      "models",
      [
        JSON.Member("paper", .string(table.paper.rawValue)),
        JSON.Member("table", .number("\(table.number)")),
        JSON.Member("title", .string(table.title)),
        JSON.Member("rows", .array(zip(table.rows, sizes).map(json))),
      ])
  }

  private func json(_ row: PaperTable.Row, _ size: ModelSize) -> JSON {
    var paper = zip(table.columns, row.words).map { JSON.Member($0, .string($1)) }
    paper.append(JSON.Member("mIoU", .number("\(row.mIoU)")))
    if let name = table.secondFigure, let second = row.second {
      paper.append(JSON.Member(name, .number("\(second)")))
    }
    if let cost = row.gigaFLOPs { paper.append(JSON.Member("GFLOPs", .number("\(cost)"))) }
    var members = [
      JSON.Member("paper", .object(paper)), JSON.Member("preset", .string(row.preset)),
      JSON.Member("side", .number("\(row.side)")),
    ]
    if let stride = row.outputStride {
      members.append(JSON.Member("output_stride", .number("\(stride)")))
    }
    if let training = row.training { members.append(JSON.Member("training", .string(training))) }
    return .object(members + size.members)
  }
}
