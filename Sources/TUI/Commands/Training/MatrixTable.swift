import Core

/// A table of trainings as it is asked for: every run of every row.
struct MatrixTable {
  /// Where the folders of the runs and their results are.
  let folder: String
  /// Every run of every row, in the order in which they are made.
  let runs: [MatrixRun]
  private let matrix: TrainingMatrix

  /// Reads the table; `flags` are given to all of its rows.
  ///
  /// With `opensFiles` it finds out whether each row can be trained, and what on.
  init(file: String, in folder: String, _ flags: TrainingOptions, opensFiles: Bool) throws {
    do throws(RecipeFailure) { matrix = try TrainingMatrix(file: file) } catch {
      throw CommandFailure(.usage, error.description)
    }
    guard !flags.recipe.hasSeed else {
      throw CommandFailure(.usage, "a table has seeds for all of its rows; give seeds in \(file)")
    }
    self.folder = folder
    var inputs = opensFiles ? MatrixInputs() : nil
    var runs: [MatrixRun] = []
    for row in matrix.rows {
      do { runs += try Self.runs(of: row, in: matrix, flags, &inputs) } catch {
        let failure = CommandFailure(training: error)
        // Problems of keys say where they stand.
        let isPlaced = failure.message.hasPrefix("\(file), ")
        throw CommandFailure(
          failure.status, (isPlaced ? "" : "\(file), \(row.name): ") + failure.message)
      }
    }
    self.runs = runs
  }

  /// The runs of a row, once all that they need is there.
  private static func runs(
    of row: TrainingMatrix.Row, in matrix: TrainingMatrix, _ flags: TrainingOptions,
    _ inputs: inout MatrixInputs?
  ) throws -> [MatrixRun] {
    let recipe = try matrix.recipe(of: row) ?? flags.recipe.named()
    let common = try flags.changed(try matrix.common(recipe))
    let requests = try matrix.seeds.map { seed in
      (seed, try matrix.request(row, seed: seed, over: common))
    }
    let files = try inputs?.inputs(of: requests[0].1)
    return requests.map { MatrixRun(row: row, seed: $0, request: $1, inputs: files) }
  }

  /// The folder of a run.
  func place(of run: MatrixRun) -> RunFolder { RunFolder(folder.appendingPath(run.name)) }

  /// The runs that `results` know the outcome of, by name.
  ///
  /// Of the others each that has a line is mentioned, unless the command is to be quiet.
  func outcomes(
    in results: MatrixResults, _ options: TrainingReportOptions
  ) -> [String: MatrixOutcome] {
    var outcomes: [String: MatrixOutcome] = [:]
    for run in runs {
      outcomes[run.name] = results.outcome(of: run)
      if !options.quiet, let mismatch = results.mismatch(for: run) {
        StandardError.print(
          "results.jsonl: the line of \(run.name) does not count: \(mismatch)".printable)
      }
    }
    return outcomes
  }

  /// Prints the table of the runs whose outcomes are known.
  func print(
    _ outcomes: [String: MatrixOutcome], _ options: TrainingReportOptions
  ) throws(CommandFailure) {
    let rows = matrix.rows.map { row in
      let ours = runs.filter { $0.row.name == row.name }
      return MatrixReport.Row(
        name: row.name, paper: row.paper, against: row.against,
        runs: ours.map {
          MatrixReport.Run(seed: $0.seed, folder: place(of: $0).path, outcome: outcomes[$0.name])
        })
    }
    let report = MatrixReport(seeds: matrix.seeds, rows: rows)
    try StandardOutput.print(options.json ? report.json.text : report.markdown)
  }

  /// Prints the table of what is finished; no lock is taken and nothing else is read than the file of results.
  func printFinished(_ options: TrainingReportOptions) throws {
    let results: MatrixResults
    do throws(FileFailure) { results = try MatrixJournal(in: folder).results() } catch {
      throw CommandFailure(
        .usage, "\(error); give the folder of a table that was begun, or leave out --no-train")
    }
    if !options.quiet {
      for noun in results.mixtures(among: runs) {
        StandardError.print(
          "results.jsonl: its lines are of different \(noun) of one name; gains compare them all the same"
        )
      }
    }
    try print(outcomes(in: results, options), options)
  }
}
