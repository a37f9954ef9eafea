/// Trains a model by a plan, step by step, and keeps the files of the run.
///
/// What a run ends in follows from its plan alone: not from the number of threads, nor from where it was interrupted. Several
/// processes share every batch and every validation, and make the same updates within rounding; the first of them writes and
/// reports. Not for use from two threads at once.
public final class Trainer {
  /// What the run follows from.
  public let plan: TrainingPlan
  /// Where its files are.
  public let folder: RunFolder
  private let processes: any Communicator
  private let threads: Threads
  private let state: TrainingState
  private let batches: BatchLoader
  private let validation: ValidationSet?
  /// Recorded when the first step is made: what is not trained is read then.
  private lazy var step = TrainingStep(
    plan.configuration, state.parameters.layout, Objective(plan.recipe.loss), part: plan.part,
    from: state.parameters, stopsGradients: plan.recipe.stopsGradients,
    stopsAuxiliary: plan.recipe.stopsAuxiliary, isRecomputing: plan.isRecomputing,
    batch: plan.recipe.batch / processes.count,
    height: plan.recipe.crop.height, width: plan.recipe.crop.width, sharedBy: processes,
    threads: threads)
  /// The tensors that are moved.
  private let names: [String]
  private let spans: [ParameterSpan]
  private let branches: [(branch: Branch, spans: [Int])]
  private let gradients: UnsafeMutablePointer<Float>
  private let arena = Arena()

  /// A run by `plan` that begins at its start, shared by `processes`.
  public init(
    _ plan: TrainingPlan, in folder: RunFolder,
    sharedBy processes: any Communicator = SoleProcess(),
    threads: Threads
  ) throws(TrainingFailure) {
    guard plan.recipe.batch % processes.count == 0 else {
      throw .unevenBatch(plan.recipe.batch, processes: processes.count)
    }
    self.plan = plan
    self.folder = folder
    self.processes = processes
    self.threads = threads
    let (configuration, recipe) = (plan.configuration, plan.recipe)
    let layout = ParameterLayout(configuration)
    state = TrainingState(
      Parameters(layout, from: plan.start), recipe.makeOptimizer(count: layout.trainedCount))
    let budget = SampleBudget(bytes: plan.cacheBytes)
    do {
      batches = try BatchLoader(
        plan.training, classes: configuration.classes.count, input: configuration.input,
        recipe: recipe, rank: processes.rank, of: processes.count, budget: budget)
    } catch {
      throw .sample(error)
    }
    validation = plan.validation.map { ValidationSet($0, budget: budget) }
    let moved = layout.trained.filter { plan.part.moves($0.name) }
    names = moved.map(\.name)
    spans = moved.map {
      ParameterSpan(
        $0.range, decay: Float(recipe.decay(of: $0.request)),
        rateFactor: Float(recipe.rateFactor(of: $0.request)))
    }
    branches = Branch.allCases.compactMap { branch in
      let spans = moved.indices.filter {
        Branch(of: moved[$0].name, in: configuration) == branch
      }
      return spans.isEmpty ? nil : (branch, spans)
    }
    gradients = .allocateAligned(layout.trainedCount)
  }

  deinit { UnsafeMutableRawPointer(gradients).deallocate() }

  /// Updates made so far.
  public var stepsDone: Int { state.step }
  /// Updates made before the last validation.
  public var validated: Int { state.validated }
  /// The best validation so far.
  public var best: BestValidation? { state.best }
  /// Memory of activations, gradients and scratch, in bytes.
  public var arenaBytes: Int { step.program.arenaBytes }

  /// Goes on from where the run in the folder was last saved.
  ///
  /// To be called before the first step.
  public func resume() throws(TrainingFailure) {
    let checkpoint: Checkpoint
    do { checkpoint = try Checkpoint(path: folder.last) } catch { throw .checkpoint(error) }
    guard checkpoint.configuration == plan.configuration else {
      let (theirs, ours) = (checkpoint.configuration.json, plan.configuration.json)
      let keys = Set([theirs, ours].flatMap { $0.object ?? [] }.map(\.key))
      let others = keys.filter { theirs[$0] != ours[$0] }.sorted().joined(separator: ", ")
      throw .notResumable(
        path: checkpoint.path, reason: "it holds another model, of another \(others)")
    }
    try state.restore(from: checkpoint)
  }

  /// How a run came to its end.
  public enum Outcome: Sendable, Equatable {
    /// All steps were made.
    case finished
    /// It was asked to stop; it was saved and can go on.
    case interrupted
  }

  /// Makes the steps that are left.
  ///
  /// Where it throws in one of several processes, the others wait for it forever and have to be ended; only
  /// ``TrainingFailure/notFinite(step:tensor:value:)`` is thrown in all of them.
  ///
  /// - Parameters:
  ///   - isCancelled: asked between steps; `true` in any process saves the run and ends it.
  ///   - report: told about every step, validation and checkpoint, in the first process.
  public func run(
    isCancelled: () -> Bool = { false }, report: (TrainingReport) -> Void = { _ in }
  ) throws(TrainingFailure) -> Outcome {
    let report = processes.isFirst ? report : { _ in }
    do {
      try checkAgreement()
      if processes.isFirst { try Folder.create(folder.path) }
      while true {
        if isValidationDue {
          let isValidated = try validate(isCancelled, report)
          try save(to: folder.last, report)
          if !isValidated { return .interrupted }
        }
        if isOver { break }
        if processes.any(isCancelled()) {
          try save(to: folder.last, report)
          return .interrupted
        }
        report(.step(try makeStep()))
        if isDue(plan.recipe.checkpointEvery) || isOver { try save(to: folder.last, report) }
      }
      try finish(report)
      return .finished
    } catch let failure as TrainingFailure {
      throw failure
    } catch let failure as FileFailure {
      throw .file(failure)
    } catch let failure as SampleFailure {
      throw .sample(failure)
    } catch let failure as CheckpointFailure {
      throw .checkpoint(failure)
    } catch {
      preconditionFailure("training failed with \(error)")
    }
  }

  private func isDue(_ interval: Int) -> Bool { interval > 0 && state.step % interval == 0 }

  private var isOver: Bool { state.step >= plan.recipe.steps }

  /// A validation that was given up is due again when the run goes on.
  private var isValidationDue: Bool {
    validation != nil && state.step > 0 && state.validated != state.step
      && (isDue(plan.recipe.validateEvery) || isOver)
  }

  /// One update of the weights.
  private func makeStep() throws -> StepReport {
    let clock = ContinuousClock()
    let start = clock.now
    let batch = try batches.batch(state.step)
    let losses = try step.run(
      in: arena, parameters: state.parameters.base, gradients: gradients,
      momentum: Float(plan.recipe.runningMomentum)
    ) { image, labels in
      image.base.update(from: batch.images.values, count: image.shape.count)
      labels.base.update(from: batch.labels.values, count: labels.shape.count)
    }
    try checkFinite(losses)
    var spans = spans
    let norms = branches.map { branch, members in
      let norm = GradientNorm.norm(
        of: gradients, members.map { spans[$0].range }, threads: threads)
      if let maximum = plan.recipe.clipNorm {
        let factor = Float(GradientNorm.clippingFactor(norm: norm, maximum: maximum))
        for member in members { spans[member].gradientFactor = factor }
      }
      return StepReport.Norm(branch: branch.rawValue, value: norm)
    }
    let rate = plan.recipe.schedule(state.step)
    state.optimizer.step(
      state.parameters.base, gradients: UnsafePointer(gradients), spans: spans, learningRate: rate,
      threads: threads)
    try checkFinite()
    state.step += 1
    return StepReport(
      step: state.step, steps: plan.recipe.steps, loss: losses.total,
      terms: zip(step.terms, losses.terms).map { StepReport.Term(name: $0.name, value: $1) },
      learningRate: rate, gradientNorms: norms, seconds: (clock.now - start) / .seconds(1),
      samples: plan.recipe.batch)
  }

  /// Stops the run at the first loss or gradient that is no number, before it reaches the weights.
  private func checkFinite(_ losses: TrainingStep.Losses) throws(TrainingFailure) {
    if let index = losses.terms.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(
        step: state.step + 1, tensor: "the loss of \(step.terms[index].name)",
        value: losses.terms[index])
    }
    if let found = GradientNorm.firstNonFinite(in: gradients, spans.map(\.range)) {
      throw .notFinite(
        step: state.step + 1,
        tensor: "the gradient of \(names[found.index])",
        value: found.value)
    }
  }

  /// Stops the run before a tensor that is no longer finite is saved; running variances overflow while the loss is sound.
  private func checkFinite() throws(TrainingFailure) {
    let entries = state.parameters.layout.entries
    if let found = GradientNorm.firstNonFinite(in: state.parameters.base, entries.map(\.range)) {
      throw .notFinite(
        step: state.step + 1, tensor: entries[found.index].name, value: found.value)
    }
  }

  /// Looks at the validation pictures; false where that was given up.
  private func validate(
    _ isCancelled: () -> Bool, _ report: (TrainingReport) -> Void
  ) throws -> Bool {
    guard let validation else { return true }
    do {
      let result = try validation.validate(
        plan.configuration, state.parameters, step: state.step, sharedBy: processes,
        threads: threads,
        isCancelled: isCancelled, progress: { report(.validating(done: $0, of: validation.count)) })
      let isBest = result.meanIoU > state.best?.meanIoU ?? -1
      state.validated = state.step
      if isBest {
        state.best = BestValidation(step: state.step, meanIoU: result.meanIoU)
        try save(to: folder.best, report)
      }
      report(.validated(result, isBest: isBest))
      return true
    } catch is Cancelled {
      return false
    }
  }

  /// Makes sure that all processes stand where the first one does, before their sums mix.
  private func checkAgreement() throws(TrainingFailure) {
    guard processes.count > 1 else { return }
    var hash = FNV1a()
    hash.combine("\(plan.recipe.json.text) \(state.step) \(InstructionSet.current)")
    hash.combine(
      UnsafeRawBufferPointer(
        start: state.parameters.base,
        count: state.parameters.layout.count * MemoryLayout<Float>.stride))
    guard processes.isLikeFirst(hash.value) else {
      throw .unlikeProcesses(rank: processes.rank, step: state.step)
    }
  }

  private func save(to path: String, _ report: (TrainingReport) -> Void) throws {
    guard processes.isFirst else { return }
    try AtomicFile.write(
      state.encoded(plan.configuration, plan.description), to: path, isDurable: true)
    report(.saved(path: path))
  }

  /// Writes what the run made: the best model, or the last one where nothing was validated.
  private func finish(_ report: (TrainingReport) -> Void) throws {
    guard processes.isFirst else { return }
    let made = TrainingState(
      Parameters(state.parameters.layout, from: state.parameters),
      plan.recipe.makeOptimizer(count: state.parameters.layout.trainedCount))
    if state.best == nil {
      made.step = state.step
    } else {
      try made.restore(from: try Checkpoint(path: folder.best))
    }
    try AtomicFile.write(
      made.encodedModel(plan.configuration, plan.description), to: folder.model, isDurable: true)
    report(.saved(path: folder.model))
  }
}
