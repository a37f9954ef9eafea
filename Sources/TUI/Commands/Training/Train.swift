import ArgumentParser
import Core

/// `hfgd train --data DIR -o RUN`: a checkpoint out of labelled pictures.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model on labelled pictures.",
    usage: "hfgd train --data <data> --output <run> [<options>]\n"
      + "hfgd train --output <run> --resume\n"
      + "hfgd train --matrix <file> --output <folder> [--no-train]",
    discussion: """
      RUN is the folder of the run. It gets

        run.json           what was asked for
        log.jsonl          a line of JSON per step and per validation
        last.safetensors   where the run stands, with the optimiser's memory
        best.safetensors   the same where validation was best
        model.safetensors  at the end: the best model alone, kernels as F16
        curves.png         at the end: loss and mIoU over the steps

      Ctrl-C finishes the step and saves; so does SIGTERM. A run that was
      stopped or killed goes on with --resume and ends in the same bytes.
      docs/training.md tells of recipes, ablations and files. Started by Open MPI's
      mpirun, several processes share every batch (docs/scale.md).

      EXAMPLES
        hfgd train --data camvid -o runs/a --weights mobilenet_v2.safetensors \\
          --steps 4000 --batch 8 --crop 257x257 --learning-rate 0.02
        hfgd train -o runs/a --resume
        hfgd train --data camvid --data scenes -o runs/b --recipe my.yaml
        hfgd train --matrix table.yaml -o runs/table
        hfgd train --matrix table.yaml -o runs/table --no-train
        hfgd train --data camvid -o runs/c --guidance none --set flip_probability=0
        hfgd train --data camvid -o runs/d --from runs/a/model.safetensors --refine
        mpirun -n 4 hfgd train --data camvid -o runs/e --threads 8
      """)

  @Option(
    name: .shortAndLong, help: "The folder of the run; made where it is missing.",
    completion: .directory)
  var output: String

  @OptionGroup var options: TrainingOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Train a table of models below the folder, and print it (docs/training.md); what is finished is not done again.",
      valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var matrix: String?

  @Flag(
    name: .customLong("no-train"),
    help: "With --matrix, print the table of what is finished, and train nothing.")
  var isPrintedAlone = false

  @Flag(
    name: .long,
    help:
      "Go on with the run in the folder, by what it was begun with; begin it where there is none.")
  var resume = false

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: TrainingReportOptions

  mutating func validate() throws {
    guard !output.isEmpty else { throw ValidationError("--output is the name of a folder.") }
    guard matrix != nil || !isPrintedAlone else {
      throw ValidationError("--no-train prints a table; name its file by --matrix.")
    }
    guard matrix == nil || !resume else {
      throw ValidationError("A table goes on by itself; leave out --resume.")
    }
    guard resume || matrix != nil || !options.data.isEmpty else {
      throw ValidationError("--data is missing; give the folder of the data set, or --resume.")
    }
  }

  func run() throws {
    let interrupt = Interrupt()
    let processes = try Processes.joined()
    if let matrix, processes.count == 1 {
      let table = try MatrixTable(
        file: matrix, in: output, options, opensFiles: !isPrintedAlone)
      guard !isPrintedAlone else { return try table.printFinished(report) }
      var training = MatrixTraining(table, threads: threads.budget, report, interrupt)
      return try training.run()
    }
    let folder = RunFolder(output)
    let session = try processes.together {
      guard matrix == nil else {
        throw CommandFailure(
          .usage, "--matrix trains in one process; start one, or train the models by themselves")
      }
      let request = try resume ? continued(folder) : options.request()
      return try TrainingSession(
        request, in: folder, resumes: resume, sharedBy: processes, threads: threads.budget, report,
        interrupt)
    }
    try session?.run()
  }

  /// The request of the run in the folder, with the flags, which the session compares with it.
  private func continued(_ folder: RunFolder) throws -> TrainingRequest {
    guard let begun = try TrainingSession.request(in: folder) else {
      guard !options.data.isEmpty else {
        throw CommandFailure(
          .usage, "\(output) holds no run; give --data to begin one, or the folder of a run")
      }
      return try options.request()
    }
    return try options.request(over: begun)
  }
}

/// What a training tells, and to whom.
struct TrainingReportOptions: ParsableArguments {
  @Flag(name: .long, help: "Print every step and validation as a line of JSON on standard output.")
  var json = false

  @Flag(name: .long, help: "After each validation, a table of the classes.")
  var perClass = false

  @Flag(name: .shortAndLong, help: "No progress and no notes on standard error.")
  var quiet = false
}
