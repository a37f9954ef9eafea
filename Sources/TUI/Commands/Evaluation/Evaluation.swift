import Core

/// A run under way: counts the images that the store has not yet, one by one, and keeps each at once.
///
/// Of several processes each counts an image of a round; then all have the counts, and the first one keeps them.
struct Evaluation {
  let subject: EvaluationSubject
  let dataSet: DataSet
  let description: RunDescription
  /// The images of this run's shard.
  let samples: [Sample]
  let store: ResultsStore?
  private let processes: any Communicator

  /// An image that could not be counted, and why.
  struct Failed {
    let name, error: String
  }

  /// What came of a run.
  struct Outcome {
    var run: StoredRun?
    var images: [StoredImage]
    var failed: [Failed]
    var isInterrupted: Bool
  }

  /// - Parameters:
  ///   - classes: K names.
  ///   - store: where counts are kept; without one nothing outlives the process. Of several processes the first has it.
  init(
    _ subject: EvaluationSubject, model: String, on dataSet: DataSet, classes: [String],
    _ metrics: MetricOptions, shard: Shard?, store: ResultsStore?,
    sharedBy processes: any Communicator = SoleProcess()
  ) {
    self.processes = processes
    self.subject = subject
    self.dataSet = dataSet
    self.store = store
    samples = shard.map { $0(dataSet.samples) } ?? dataSet.samples
    description = RunDescription(
      model: model, name: subject.name, identity: subject.identity,
      outputStride: subject.outputStride, rules: subject.rules, data: dataSet, classes: classes,
      extras: metrics.extras, boundaryRatio: metrics.boundaryRatio, shard: shard,
      version: HFGD.version)
  }

  /// Another subject on the same images, as `description` has it.
  init(_ other: Evaluation, _ subject: EvaluationSubject, _ description: RunDescription) {
    (self.subject, self.description) = (subject, description)
    (dataSet, samples, store, processes) =
      (other.dataSet, other.samples, other.store, other.processes)
  }

  /// Counts what is missing; `resumes` goes on with the latest run that measures the same.
  func run(resumes: Bool, isQuiet: Bool, _ interrupt: Interrupt) throws -> Outcome {
    var hash = FNV1a()
    hash.combine(description.key)
    guard processes.isLikeFirst(hash.value) else {
      throw CommandFailure(
        .dataSet,
        "another model or other data than in process 0; give all the same files, and no list on standard input"
      )
    }
    let isQuiet = isQuiet || !processes.isFirst
    do throws(StoreFailure) {
      return try counted(resumes: resumes, isQuiet: isQuiet, interrupt)
    } catch {
      throw CommandFailure(error)
    }
  }

  private func counted(resumes: Bool, isQuiet: Bool, _ interrupt: Interrupt)
    throws(StoreFailure) -> Outcome
  {
    let earlier = try store?.latest(like: description)
    let run: StoredRun?
    var known: [String: StoredImage] = [:]
    if resumes, let store, let earlier {
      run = earlier
      try store.forEachImage(of: earlier.id) { known[$0.name] = $0 }
    } else {
      if let earlier, !earlier.isComplete, !isQuiet {
        StandardError.print(
          "hfgd: run \(earlier.id) counted \(earlier.counted) of \(earlier.images.counted("image")) of the same; --resume goes on with it"
        )
      }
      run = try store?.begin(description, images: samples.count)
    }

    let isKnown = processes.gathered(samples.map { known[$0.name] == nil ? 0 : 1 })[0]
    let missing = zip(samples, isKnown).filter { $1 == 0 }.map(\.0)
    var progress = Progress(total: missing.count, isQuiet: isQuiet)
    var total = ConfusionMatrix(classes: description.classes.count)
    for image in known.values { total.add(image.counts.confusion) }
    var failed: [Failed] = []
    var resized = 0
    for start in stride(from: 0, to: missing.count, by: processes.count) {
      if processes.any(interrupt.isRequested) { break }
      let round = missing[start..<min(start + processes.count, missing.count)]
      let own =
        processes.rank < round.count ? count(round[start + processes.rank], interrupt) : .nothing
      for (sample, result) in zip(round, processes.gathered(own, of: round)) {
        switch result {
        case .counted(let image, let wasResized):
          known[sample.name] = image
          total.add(image.counts.confusion)
          if wasResized { resized += 1 }
          if let store, let run { try store.keep(image, of: run.id) }
        case .failed(let message):
          if processes.isFirst { progress.interrupt(with: "hfgd: \(message.printable)") }
          failed.append(Failed(name: sample.name, error: message))
        case .nothing: continue
        }
        let iou = (100 * total.meanIoU).formatted(decimals: 1)
        progress.advance("mIoU \(iou)  \(sample.name)")
      }
    }
    progress.finish()
    if resized > 0 && !isQuiet {
      StandardError.print(
        "hfgd: warning: \(resized.counted("label map")) had another size than the picture; predictions were made at the labels' size"
      )
    }
    return Outcome(
      run: run, images: samples.compactMap { known[$0.name] }, failed: failed,
      isInterrupted: processes.any(interrupt.isRequested))
  }

  /// The counts of all images: those of a complete run that the store has, whatever else that counted; else what is
  /// counted now, and kept.
  func images(isQuiet: Bool, _ interrupt: Interrupt) throws -> [StoredImage] {
    do throws(StoreFailure) {
      if let store,
        let run = try store.runs().first(where: {
          $0.isComplete && $0.description.hasSameMatrix(as: description)
        })
      {
        return try store.images(of: run.id)
      }
    } catch {
      throw CommandFailure(error)
    }
    let outcome = try run(resumes: store != nil, isQuiet: isQuiet, interrupt)
    if outcome.isInterrupted {
      let rest = store == nil ? "nothing was kept" : "the same command goes on"
      throw CommandFailure(
        .interrupted,
        "interrupted after \(outcome.images.count) of \(samples.count.counted("image")) of \(description.title); \(rest)"
      )
    }
    return outcome.images
  }

  /// Counts one image.
  private func count(_ sample: Sample, _ interrupt: Interrupt) -> CountedImage {
    let clock = ContinuousClock()
    let start = clock.now
    do throws(EvaluationSubject.Failure) {
      let counted = try subject.counts(
        of: sample, classes: description.classes.count, ignoreIndex: description.ignoreIndex,
        extras: ImageCounts.Extras(rawValue: description.extras),
        boundaryRatio: description.boundaryRatio
      ) { interrupt.isRequested }
      let image = StoredImage(
        name: sample.name, counts: counted.counts,
        milliseconds: (clock.now - start) / .milliseconds(1))
      return .counted(image, isResized: counted.isResized)
    } catch {
      guard case .unusable(let message) = error else { return .nothing }
      return .failed(message)
    }
  }
}
