import Core

/// The runs of a ``TrainingMatrix``, one after the other; what is finished is not done again.
struct MatrixTraining {
  private let folder: String
  private let options: TrainingReportOptions
  /// Every run of every row, in the order in which they are made.
  private let runs: [MatrixRun]

  /// Reads the table and finds out whether each of its rows can be trained; `flags` are given to all of them.
  init(
    file: String, in folder: String, _ flags: TrainingOptions, _ options: TrainingReportOptions
  ) throws {
    let matrix: TrainingMatrix
    do throws(RecipeFailure) { matrix = try TrainingMatrix(file: file) } catch {
      throw CommandFailure(.usage, error.description)
    }
    guard !flags.recipe.hasSeed else {
      throw CommandFailure(.usage, "a table has seeds for all of its rows; give seeds in \(file)")
    }
    self.folder = folder
    self.options = options
    var runs: [MatrixRun] = []
    for row in matrix.rows {
      do { runs += try Self.runs(of: row, in: matrix, flags) } catch {
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
    of row: TrainingMatrix.Row, in matrix: TrainingMatrix, _ flags: TrainingOptions
  ) throws -> [MatrixRun] {
    let recipe = try matrix.recipe(of: row) ?? flags.recipe.named()
    let common = try flags.changed(try matrix.common(recipe))
    let requests = try matrix.seeds.map { seed in
      (seed, try matrix.request(row, seed: seed, over: common))
    }
    let inputs = try Self.inputs(of: requests[0].1)
    return requests.map { MatrixRun(row: row, seed: $0, request: $1, inputs: inputs) }
  }

  /// The files that runs by `request` follow from.
  private static func inputs(of request: TrainingRequest) throws -> RunInputs {
    guard !request.data.isEmpty else {
      throw CommandFailure(.usage, "data is missing; name the data set in base, or by --data")
    }
    let plan = try request.plan()
    guard plan.validation != nil else {
      let reason =
        request.validationSplit == nil
        ? "\(request.data[0]) has no part val" : "val_split is \(TrainingRequest.noSplit)"
      throw CommandFailure(
        .usage,
        "\(reason), and a table compares validations; name a part to validate on as val_split")
    }
    return try RunInputs(plan)
  }

  /// Trains what is not yet trained and prints the table.
  func run(threads: Threads, _ interrupt: Interrupt) throws {
    var report = MatrixReport()
    let results: MatrixResults
    do throws(FileFailure) { results = try MatrixResults(in: folder) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
    for (number, run) in runs.enumerated() {
      let known = results.outcome(of: run)
      if !options.quiet {
        StandardError.print(
          "run \(number + 1) of \(runs.count): \(run.row.name.printable), seed \(run.seed)"
            + (known == nil ? "" : ", is in results.jsonl"))
      }
      let place = RunFolder(folder.appendingPath(run.name))
      let outcome = try known ?? trained(run, in: place, threads, interrupt, results)
      if report.rows.last?.name != run.row.name {
        report.rows.append(
          MatrixReport.Row(name: run.row.name, paper: run.row.paper, against: run.row.against))
      }
      report.rows[report.rows.count - 1].runs.append(
        MatrixReport.Run(seed: run.seed, folder: place.path, outcome: outcome))
    }
    try StandardOutput.print(options.json ? report.json.text : report.markdown)
    let diverged = report.rows.flatMap(\.runs).count(where: { $0.outcome.isDiverged })
    if diverged > 0 {
      throw CommandFailure(
        .someInputsFailed, "\(diverged) of \(runs.count.counted("run")) diverged")
    }
  }

  /// How the run in `folder` ends, made or gone on with; `results` get to know it.
  private func trained(
    _ run: MatrixRun, in folder: RunFolder, _ threads: Threads, _ interrupt: Interrupt,
    _ results: MatrixResults
  ) throws -> MatrixReport.Outcome {
    var outcome = MatrixReport.Outcome()
    do {
      try train(run, in: folder, threads, interrupt)
      outcome = try Self.outcome(in: folder)
    } catch let failure as CommandFailure where failure.status == .diverged {
      StandardError.print("hfgd: \(failure.message.printableLines)")
      outcome.isDiverged = true
    }
    var run = run
    // Other files may have come to lie there since the table was read.
    run.inputs = try TrainingSession.inputs(in: folder) ?? run.inputs
    do throws(FileFailure) { try results.add(outcome, of: run) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
    return outcome
  }

  private func train(
    _ run: MatrixRun, in folder: RunFolder, _ threads: Threads, _ interrupt: Interrupt
  ) throws {
    // Standard output is for the table; the lines stand in the run's log.
    var options = options
    options.json = false
    do {
      if let begun = try TrainingSession.inputs(in: folder), begun.start != run.inputs.start {
        throw CommandFailure(
          .usage,
          "the run in \(folder.path) began from other weights than lie there now; "
            + "remove it, or choose another --output")
      }
      try TrainingSession(
        run.request, in: folder, resumes: true, threads: threads, options, interrupt
      ).run()
    } catch let failure as CommandFailure where failure.status == .interrupted {
      throw CommandFailure(.interrupted, "interrupted in \(folder.path); the same command goes on")
    } catch let failure as CommandFailure {
      throw CommandFailure(
        failure.status, "\(run.row.name), seed \(run.seed): \(failure.message)")
    }
  }

  /// What the log of a run that is over says.
  private static func outcome(in folder: RunFolder) throws -> MatrixReport.Outcome {
    let lines: [JSON]
    do throws(FileFailure) { lines = try RunLog.lines(of: folder) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
    let scores = lines.filter { $0["event"]?.string == "validation" }.map { $0["mIoU"]?.double }
    return MatrixReport.Outcome(last: scores.last ?? nil, best: scores.compactMap { $0 }.max())
  }
}
