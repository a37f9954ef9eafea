import Core

/// `hfgd bench MODEL --training`: what a training step takes.
struct TrainingBench {
  let model: ModelReference
  let size: Size
  let batch: Int
  let isRecomputing: Bool
  let threads: Threads
  /// Steps that are timed, and steps before the clock counts.
  let runs, warmup: Int

  /// Makes the steps; `isInterrupted` is asked between their parts.
  func measure(bySteps: Bool, isInterrupted: () -> Bool) throws -> TrainingBenchReport {
    let trial = TrainingTrial(
      try model.source().configuration, seed: model.seed ?? 1, isRecomputing: isRecomputing,
      batch: batch, height: size.height, width: size.width, threads: threads)
    try checkMemory(of: trial)
    let rows = trial.program.steps.map { TrainingBenchReport.group(of: $0, bySteps: bySteps) }
    let clock = ContinuousClock()
    var timings = Timings()
    for run in 0..<(warmup + runs) {
      var durations: [Duration] = []
      durations.reserveCapacity(rows.count)
      let start = clock.now
      do throws(Cancelled) {
        try trial.run(observe: { durations.append($1) }, isCancelled: isInterrupted)
      } catch {
        throw CommandFailure(
          .interrupted, "interrupted after \(run) of \((warmup + runs).counted("step"))")
      }
      var time = RunTime(total: (clock.now - start) / .seconds(1))
      for (row, duration) in zip(rows, durations) {
        time.network += duration / .seconds(1)
        time.modules[row, default: 0] += duration / .seconds(1)
      }
      if run >= warmup { timings.add(time) }
    }
    return TrainingBenchReport(
      bench: self, bySteps: bySteps, timings: timings, program: trial.program,
      parameterCount: trial.parameterCount, peakBytes: WorkingMemory.peak,
      productRate: threads.matrixProductRate())
  }

  /// Throws where the step needs more memory than there is: past the machine's end the system ends the process without a word.
  private func checkMemory(of trial: TrainingTrial) throws {
    let needed = trial.program.arenaBytes
    guard needed <= WorkingMemory.available else {
      func gibibytes(_ bytes: Int) -> String { (Double(bytes) / 0x1p30).formatted(decimals: 1) }
      throw CommandFailure(
        .usage,
        "a step of \(batch.counted("picture")) of \(size.width)×\(size.height) pixels needs "
          + "\(gibibytes(needed)) GiB of memory, the machine has "
          + "\(gibibytes(WorkingMemory.available)); give a smaller --batch or --size"
          + (isRecomputing ? "" : ", or --recompute"))
    }
  }
}
