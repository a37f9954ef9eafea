import Core
import Foundation

/// A run under way: its folder, its trainer, and what is told of it.
///
/// Of several processes the first one writes and tells.
final class TrainingSession {
  private let folder: RunFolder
  private let options: TrainingReportOptions
  private let interrupt: Interrupt
  private let processes: any Communicator
  private let log: RunLog?
  private let trainer: Trainer
  private var progress: TrainingProgress
  /// Why nothing more can be told: the log's disk is full, or nobody reads standard output any more.
  private var failure: CommandFailure?

  /// Makes the folder of a new run, or opens that of a run that goes on.
  init(
    _ request: TrainingRequest, in folder: RunFolder, resumes: Bool,
    sharedBy processes: any Communicator = SoleProcess(), threads: Threads,
    _ options: TrainingReportOptions,
    _ interrupt: Interrupt
  ) throws {
    self.folder = folder
    self.options = options
    self.interrupt = interrupt
    self.processes = processes
    let isBegun = FileBytes.count(folder.last) != nil
    guard resumes || !isBegun else {
      throw CommandFailure(
        .usage,
        "\(folder.path) holds a run already; go on with it by --resume, or choose another --output")
    }
    if isBegun { try Self.refuse(request, in: folder) }
    do {
      let plan = try request.plan()
      if processes.isFirst {
        try Folder.create(folder.path)
        log = try RunLog(folder)
        try folder.removeDrafts()
        try Self.agree(request, with: plan, in: folder, isBegun: isBegun)
      } else {
        log = nil
      }
      trainer = try Trainer(plan, in: folder, sharedBy: processes, threads: threads)
      if isBegun { try trainer.resume() }
      try log?.rewind(toStep: trainer.stepsDone, validated: trainer.validated)
    } catch {
      throw CommandFailure(training: error)
    }
    progress = TrainingProgress(options, classes: trainer.plan.configuration.classes)
    try checkMemory()
  }

  /// The request that the run in `folder` was begun with; `nil` where there is none.
  static func request(in folder: RunFolder) throws -> TrainingRequest? {
    guard FileBytes.count(folder.request) != nil else { return nil }
    let json = try record(in: folder)
    do throws(RecipeFailure) {
      return try TrainingRequest(json["request"] ?? .null, path: folder.request)
    } catch {
      throw CommandFailure(.usage, error.description)
    }
  }

  /// The files that the run in `folder` was begun from; `nil` where there is none, or one that does not note them.
  static func inputs(in folder: RunFolder) throws -> RunInputs? {
    guard [folder.last, folder.request].allSatisfy({ FileBytes.count($0) != nil }) else {
      return nil
    }
    return RunInputs(try record(in: folder))
  }

  /// Throws where the run in `folder` was begun with another request.
  private static func refuse(_ request: TrainingRequest, in folder: RunFolder) throws {
    guard let begun = try self.request(in: folder) else { return }
    let differences = begun.differences(from: request)
    guard differences.isEmpty else {
      throw CommandFailure(
        .usage,
        "the run in \(folder.path) was begun with other arguments:\n"
          + differences.map { "  \($0)\n" }.joined()
          + "leave them out to go on with it, or choose another --output")
    }
  }

  private static func record(in folder: RunFolder) throws -> JSON {
    do {
      return try JSON(utf8: try FileBytes.read(folder.request, maxBytes: 1 << 20))
    } catch {
      throw CommandFailure(
        .usage, "\(folder.request) is not the record of a run (\(error)); choose another --output")
    }
  }

  /// Writes down what the run follows from, or finds out that its data are still those of its beginning.
  private static func agree(
    _ request: TrainingRequest, with plan: TrainingPlan, in folder: RunFolder, isBegun: Bool
  ) throws {
    if isBegun {
      guard try record(in: folder)["fingerprint"]?.string == plan.fingerprint else {
        throw CommandFailure(
          .dataSet,
          "the data of the run in \(folder.path) are not what they were at its beginning; put them back, or choose another --output"
        )
      }
      return
    }
    let json = JSON.report(
      "train", try RunInputs(plan).members + [JSON.Member("request", request.json)])
    try AtomicFile.write(Array((json.text + "\n").utf8), to: folder.request, isDurable: true)
  }

  /// Throws where the step needs more memory than there is; the system would end the process without a word.
  private func checkMemory() throws(CommandFailure) {
    let available = WorkingMemory.available
    guard trainer.arenaBytes > available else { return }
    func gibibytes(_ bytes: Int) -> String { (Double(bytes) / 0x1p30).formatted(decimals: 1) }
    let remedy = trainer.plan.isRecomputing ? "" : "--recompute, "
    throw CommandFailure(
      .usage,
      "a step needs \(gibibytes(trainer.arenaBytes)) GiB of memory, the machine has "
        + "\(gibibytes(available)); give \(remedy)a smaller --batch or --crop")
  }

  /// Makes the steps that are left, and tells of them.
  func run() throws {
    let isFinished = trainer.stepsDone == trainer.plan.recipe.steps
    if isFinished && FileBytes.count(folder.model) != nil {
      Processes.leave()
      if !options.quiet && processes.isFirst {
        StandardError.print("\(folder.path.printable): the run is finished")
      }
      return
    }
    let outcome: Trainer.Outcome
    do {
      outcome = try trainer.run(
        isCancelled: { interrupt.isRequested || failure != nil }, report: tell)
    } catch {
      progress.finish()
      if case .notFinite = error {
        // All have met it.
        Processes.leave()
        guard processes.isFirst else { return }
      }
      throw CommandFailure(training: error)
    }
    progress.finish()
    Processes.leave()
    guard processes.isFirst else { return }
    if let failure { throw failure }
    guard outcome == .finished else {
      throw CommandFailure(
        .interrupted,
        "interrupted after step \(trainer.stepsDone) of \(trainer.plan.recipe.steps), which is saved; "
          + "hfgd train -o \(folder.path) --resume goes on")
    }
    do {
      try ImageFile.write(try RunCurves([folder]).figure.picture(), to: folder.curves)
    } catch {
      throw CommandFailure(training: error)
    }
    if !options.quiet { StandardError.print(summary) }
  }

  private func tell(_ report: TrainingReport) {
    progress.show(report)
    guard let line = report.logLine(classes: trainer.plan.configuration.classes) else { return }
    do {
      try log?.append(line)
      if options.json { try StandardOutput.print(line.line) }
    } catch {
      failure = failure ?? CommandFailure(training: error)
    }
  }

  private var summary: String {
    let best = trainer.best.map {
      "mIoU \($0.meanIoU.formatted(decimals: 2)) after step \($0.step): "
    }
    return (best ?? "") + folder.model.printable
  }
}

extension CommandFailure {
  /// Any failure of a training.
  init(training error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let failure as TrainingFailure: self.init(failure.status, failure.description)
    case let failure as RecipeFailure: self.init(.usage, failure.description)
    default: self.init(.someInputsFailed, "\(error)")
    }
  }
}

extension TrainingFailure {
  /// How the program ends.
  fileprivate var status: ExitStatus {
    switch self {
    case .notFinite: .diverged
    case .sample, .data, .dataSet: .dataSet
    case .file: .someInputsFailed
    case .checkpoint, .notResumable, .ofPyTorch, .backbone: .checkpoint
    case .conflicts, .unknownPreset, .contradictions, .unevenBatch: .usage
    case .unlikeProcesses: .checkpoint
    }
  }
}
