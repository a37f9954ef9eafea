import Core
import Glibc

/// The runs of a table, one after the other; what is finished is not done again.
///
/// Several processes may work on the same table. A run is of the process that has its log open; the others go on with the
/// next ones, and come back to it in the end.
struct MatrixTraining {
  private let table: MatrixTable
  private let journal: MatrixJournal
  private let options: TrainingReportOptions
  private let threads: Threads
  private let interrupt: Interrupt
  /// How the runs ended that have, by name.
  private var outcomes: [String: MatrixOutcome] = [:]
  private var failures = 0

  /// The runs of `table`, whose files are opened.
  init(
    _ table: MatrixTable, threads: Threads, _ options: TrainingReportOptions,
    _ interrupt: Interrupt
  ) {
    self.table = table
    self.threads = threads
    self.options = options
    self.interrupt = interrupt
    journal = MatrixJournal(in: table.folder)
  }

  /// Trains what is not yet trained and prints the table; where it is interrupted, that of what is there.
  mutating func run() throws {
    outcomes = try Self.asCommand {
      try Folder.create(table.folder)
      let results = try journal.whileLocked(isCancelled: patience()) { $0 }
      return table.outcomes(in: results, options)
    }
    let end = Result { try Self.asCommand { try makeRuns() } }
    try table.print(outcomes, options)
    try end.get()
    let diverged = outcomes.values.count { $0.isDiverged }
    let all = table.runs.count.counted("run")
    let problems = [
      failures > 0 ? "\(failures) of \(all) failed; the same command tries again" : nil,
      diverged > 0 ? "\(diverged) of \(all) diverged" : nil,
    ].compactMap { $0 }
    guard problems.isEmpty else {
      throw CommandFailure(.someInputsFailed, problems.joined(separator: "\n"))
    }
  }

  /// Makes the runs in their order, then those that other processes had.
  private mutating func makeRuns() throws {
    var left = try settle(Array(table.runs.enumerated()), isFirstRound: true)
    if !left.isEmpty { tell("waiting for \(left.count.counted("run")) of other processes") }
    while !left.isEmpty {
      try wait()
      left = try settle(left, isFirstRound: false)
    }
  }

  private typealias NumberedRun = (offset: Int, element: MatrixRun)

  /// Goes through `runs`; what is left are those that other processes have.
  private mutating func settle(
    _ runs: [NumberedRun], isFirstRound: Bool
  ) throws -> [NumberedRun] {
    var taken: [NumberedRun] = []
    for (index, run) in runs {
      let title = "run \(index + 1) of \(table.runs.count): \(run.title)"
      do {
        switch try claim(run) {
        case .over(let outcome):
          tell("\(title), is in results.jsonl")
          outcomes[run.name] = outcome
        case .taken:
          if isFirstRound { tell("\(title), is left to another process") }
          taken.append((index, run))
        case .ours(let session):
          tell(title)
          // It keeps other processes off until they can read how the run ended.
          outcomes[run.name] = try withExtendedLifetime(session) { try outcome(of: $0, run) }
        }
      } catch let failure as CommandFailure where failure.status != .interrupted {
        StandardError.print("hfgd: \(run.title): \(failure.message)".printableLines)
        failures += 1
      }
    }
    return taken
  }

  /// Whose a run is.
  private enum Claim {
    case over(MatrixOutcome)
    case taken
    case ours(TrainingSession)
  }

  /// Finds out whose a run is, and takes it where it is nobody's.
  ///
  /// Other processes cannot note results meanwhile, so none of them lets go of a run between the looks at results and folder.
  private func claim(_ run: MatrixRun) throws -> Claim {
    if let outcome = outcomes[run.name] { return .over(outcome) }
    if interrupt.isRequested { throw Cancelled() }
    return try journal.whileLocked(isCancelled: patience()) { results in
      if let outcome = results.outcome(of: run) { return .over(outcome) }
      let place = table.place(of: run)
      return Journal.isOpen(place.log) ? .taken : .ours(try session(of: run, in: place))
    }
  }

  private func session(of run: MatrixRun, in place: RunFolder) throws -> TrainingSession {
    if let begun = try TrainingSession.inputs(in: place), begun.start != run.inputs?.start {
      throw CommandFailure(
        .usage,
        "the run in \(place.path) began from other weights than lie there now; "
          + "remove it, or choose another --output")
    }
    // Standard output is for the table; the lines stand in the run's log.
    var options = options
    options.json = false
    return try TrainingSession(
      run.request, in: place, resumes: true, threads: threads, options, interrupt)
  }

  /// Makes or goes on with a run and notes how it ended.
  private func outcome(of session: TrainingSession, _ run: MatrixRun) throws -> MatrixOutcome {
    let place = table.place(of: run)
    let outcome: MatrixOutcome
    do {
      try session.run()
      outcome = try MatrixOutcome(of: place, steps: run.request.recipe.steps)
    } catch let failure as CommandFailure where failure.status == .diverged {
      StandardError.print("hfgd: \(run.title): \(failure.message)".printableLines)
      outcome = MatrixOutcome(divergedIn: place)
    } catch let failure as CommandFailure where failure.status == .interrupted {
      throw CommandFailure(.interrupted, "interrupted in \(place.path); the same command goes on")
    }
    var run = run
    // Other files may have come to lie there since the table was read.
    run.inputs = try TrainingSession.inputs(in: place) ?? run.inputs
    try journal.add(outcome, of: run, isCancelled: patience())
    return outcome
  }
}

extension MatrixTraining {
  /// What `body` makes; what befalls the table's own file is the command's failure.
  private static func asCommand<Made>(_ body: () throws -> Made) throws -> Made {
    do { return try body() } catch let failure as FileFailure {
      throw CommandFailure(.someInputsFailed, failure.description)
    } catch is Cancelled {
      throw CommandFailure(.interrupted, "interrupted; the same command goes on")
    }
  }

  private func tell(_ note: String) {
    if !options.quiet { StandardError.print(note.printable) }
  }

  /// Waits before the runs of other processes are looked at again.
  private func wait() throws {
    for _ in 0..<20 {
      if interrupt.isRequested { throw Cancelled() }
      usleep(100_000)
    }
  }

  /// Whether to give up waiting for the file of results; that it waits is told after some seconds.
  private func patience() -> () -> Bool {
    var asked = 0
    return {
      asked += 1
      if asked == 50 { tell("another process has \(journal.path) open; waiting for it") }
      return interrupt.isRequested
    }
  }
}
