/// What a table of trainings found.
struct MatrixReport {
  /// What became of the runs of a row.
  struct Row {
    let name: String
    /// The paper's value, mean IoU in percent.
    var paper: Double?
    /// The rows that this one is compared with.
    var against: [String] = []
    /// A run for each seed of the table.
    var runs: [Run]
  }

  /// A run of a row.
  struct Run {
    let seed: Int
    /// The path of its folder.
    let folder: String
    /// How it ended; `nil` where it has not, or has failed.
    var outcome: MatrixOutcome?
  }

  /// What a row gains over another.
  struct Gain {
    let against: String
    /// Over the seeds that both have a value for; `nil` where there are none, or a run of one of them diverged.
    let mean: MatrixMean?
    /// What the paper's values gain, where it has both.
    let paper: Double?
  }

  /// The seeds that every row is trained with.
  let seeds: [Int]
  let rows: [Row]

  /// What a row gains over those that it is compared with, seed by seed: seeds settle the order of samples and their crops
  /// whatever the model.
  func gains(of row: Row) -> [Gain] {
    row.against.map { name in
      let other = rows.first { $0.name == name }
      let isWhole = row.divergedCount == 0 && other?.divergedCount == 0
      let differences = (isWhole ? row.runs : []).compactMap { run in
        let theirs = other?.runs.first { $0.seed == run.seed }?.outcome?.last
        return run.outcome?.last.flatMap { value in theirs.map { value - $0 } }
      }
      let paper = row.paper.flatMap { value in other?.paper.map { value - $0 } }
      return Gain(against: name, mean: MatrixMean(differences), paper: paper)
    }
  }
}

extension MatrixReport.Row {
  /// The mean of the last validations; `nil` where a run diverged, as a mean of the others would flatter the row.
  var mean: MatrixMean? { mean(\.last) }

  /// The mean of the best validations.
  var best: MatrixMean? { mean(\.best) }

  /// How many runs diverged.
  var divergedCount: Int { runs.count { $0.outcome?.isDiverged ?? false } }

  private func mean(_ score: (MatrixOutcome) -> Double?) -> MatrixMean? {
    divergedCount > 0 ? nil : MatrixMean(runs.compactMap { $0.outcome.flatMap(score) })
  }
}
