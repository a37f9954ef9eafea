import Core

/// The runs of a ``TrainingMatrix``, one after the other; what is finished is not done again.
struct MatrixTraining {
  private let matrix: TrainingMatrix
  private let folder: String
  private let options: TrainingReportOptions
  /// Every run of every row, in the order in which they are made.
  private let runs: [(row: TrainingMatrix.Row, seed: Int, request: TrainingRequest)]

  /// Reads the table and finds out whether each of its rows can be trained; `flags` are given to all of them.
  init(
    file: String, in folder: String, _ flags: TrainingOptions, _ options: TrainingReportOptions
  ) throws {
    do throws(RecipeFailure) { matrix = try TrainingMatrix(file: file) } catch {
      throw CommandFailure(.usage, error.description)
    }
    self.folder = folder
    self.options = options
    var runs: [(row: TrainingMatrix.Row, seed: Int, request: TrainingRequest)] = []
    do {
      let common = try flags.request(over: try matrix.common())
      for row in matrix.rows {
        for seed in matrix.seeds {
          runs.append((row, seed, try matrix.request(row, seed: seed, over: common)))
        }
        guard let request = runs.last?.request, !request.data.isEmpty else {
          throw CommandFailure(
            .usage, "\(file), \(row.name): data is missing; name the data set in base, or by --data"
          )
        }
        _ = try request.plan()
      }
    } catch let failure as RecipeFailure {
      throw CommandFailure(.usage, failure.description)
    } catch {
      throw CommandFailure(training: error)
    }
    self.runs = runs
  }

  /// Trains what is not yet trained and prints the table.
  func run(threads: Threads, _ interrupt: Interrupt) throws {
    var report = MatrixReport()
    var diverged = 0
    let results: MatrixResults
    do throws(FileFailure) { results = try MatrixResults(in: folder) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
    for (number, run) in runs.enumerated() {
      let name = TrainingMatrix.folder(of: run.row, seed: run.seed)
      let known = results.result(of: name, seed: run.seed, run.request)
      if !options.quiet {
        StandardError.print(
          "run \(number + 1) of \(runs.count): \(run.row.name.printable), seed \(run.seed)"
            + (known == nil ? "" : ", is in results.jsonl"))
      }
      let result =
        try known ?? trained(run.request, RunFolder(folder.appendingPath(name)), threads, interrupt)
      if known == nil {
        do throws(FileFailure) { try results.add(result, of: name, run.request) } catch {
          throw CommandFailure(.someInputsFailed, error.description)
        }
      }
      diverged += result.last == nil ? 1 : 0
      if report.rows.last?.name != run.row.name {
        report.rows.append(
          MatrixReport.Row(name: run.row.name, paper: run.row.paper, against: run.row.against))
      }
      report.rows[report.rows.count - 1].runs.append(result)
    }
    try StandardOutput.print(options.json ? report.json.text : report.markdown)
    if diverged > 0 {
      throw CommandFailure(
        .someInputsFailed, "\(diverged) of \(runs.count.counted("run")) diverged")
    }
  }

  /// How the run in `folder` ends, made or gone on with.
  private func trained(
    _ request: TrainingRequest, _ folder: RunFolder, _ threads: Threads, _ interrupt: Interrupt
  ) throws -> MatrixReport.Run {
    var isSound = true
    do {
      try train(request, in: folder, threads, interrupt)
    } catch let failure as CommandFailure where failure.status == .diverged {
      StandardError.print("hfgd: \(failure.message.printableLines)")
      isSound = false
    }
    return try result(of: folder, seed: request.recipe.seed, isSound: isSound)
  }

  private func train(
    _ request: TrainingRequest, in folder: RunFolder, _ threads: Threads, _ interrupt: Interrupt
  ) throws {
    // Standard output is for the table; the lines stand in the run's log.
    var options = options
    options.json = false
    do {
      try TrainingSession(
        request, in: folder, resumes: true, threads: threads, options, interrupt
      ).run()
    } catch let failure as CommandFailure where failure.status == .interrupted {
      throw CommandFailure(.interrupted, "interrupted in \(folder.path); the same command goes on")
    }
  }

  private func result(of folder: RunFolder, seed: Int, isSound: Bool) throws -> MatrixReport.Run {
    let lines: [JSON]
    do throws(FileFailure) { lines = try RunLog.lines(of: folder) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
    let scores = lines.filter { $0["event"]?.string == "validation" }
      .compactMap { $0["mIoU"]?.double }
    return MatrixReport.Run(
      seed: seed, folder: folder.path, last: isSound ? scores.last : nil,
      best: isSound ? scores.max() : nil)
  }
}
