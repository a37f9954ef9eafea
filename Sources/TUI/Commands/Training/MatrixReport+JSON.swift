import Core

extension MatrixReport {
  /// The same for programs, every run for itself too.
  var json: JSON {
    .report(
      "matrix",
      [
        JSON.Member("rows", .array(rows.map(json(of:)))),
        JSON.Member("residual", residual?.json ?? .null),
      ])
  }

  private func json(of row: Row) -> JSON {
    let (mean, best) = (row.mean, row.best)
    return .object([
      JSON.Member("name", .string(row.name)),
      JSON.Member("mIoU", (mean?.value).json), JSON.Member("standard_error", (mean?.error).json),
      JSON.Member("best", (best?.value).json),
      JSON.Member("best_standard_error", (best?.error).json),
      JSON.Member("paper", row.paper.json),
      JSON.Member("gains", .array(gains(of: row).map(\.json))),
      JSON.Member("runs", .array(row.runs.map(\.json))),
    ])
  }
}

extension MatrixResidual {
  fileprivate var json: JSON {
    .object([
      JSON.Member("rows", .number("\(rows)")), JSON.Member("deviation", Optional(deviation).json),
      JSON.Member("degrees", .number("\(degrees)")),
      JSON.Member("gain_error", Optional(gainError).json),
      JSON.Member("gain_interval", Optional(gainInterval).json),
    ])
  }
}

extension MatrixReport.Gain {
  /// The 95 % interval is gain ± `interval`.
  fileprivate var json: JSON {
    .object([
      JSON.Member("against", .string(against)),
      JSON.Member("seeds", .number("\(mean?.count ?? 0)")),
      JSON.Member("gain", (mean?.value).json), JSON.Member("standard_error", (mean?.error).json),
      JSON.Member("interval", (mean?.interval).json), JSON.Member("paper_gain", paper.json),
    ])
  }
}

extension MatrixReport.Run {
  /// Without mIoU and not diverged where it is not made, or has failed.
  fileprivate var json: JSON {
    .object([
      JSON.Member("seed", .number("\(seed)")), JSON.Member("folder", .string(folder)),
      JSON.Member("mIoU", (outcome?.last).json), JSON.Member("best", (outcome?.best).json),
      JSON.Member("diverged", .bool(outcome?.isDiverged ?? false)),
    ])
  }
}
