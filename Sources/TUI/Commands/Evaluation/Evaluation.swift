import Core

/// A run under way: counts the images that the store has not yet, one by one, and keeps each at once.
struct Evaluation {
  let subject: EvaluationSubject
  let dataSet: DataSet
  let description: RunDescription
  /// The images of this run's shard.
  let samples: [Sample]
  let store: ResultsStore?

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
  ///   - store: where counts are kept; without one nothing outlives the process.
  init(
    _ subject: EvaluationSubject, model: String, on dataSet: DataSet, classes: [String],
    _ metrics: MetricOptions, shard: Shard?, store: ResultsStore?
  ) {
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

  /// Counts what is missing; `resumes` goes on with the latest run that measures the same.
  func run(resumes: Bool, isQuiet: Bool, _ interrupt: Interrupt) throws -> Outcome {
    do throws(StoreFailure) {
      return try counted(resumes: resumes, isQuiet: isQuiet, interrupt)
    } catch {
      throw CommandFailure(.someInputsFailed, error.description)
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

    let missing = samples.filter { known[$0.name] == nil }
    var progress = Progress(total: missing.count, isQuiet: isQuiet)
    var total = ConfusionMatrix(classes: description.classes.count)
    for image in known.values { total.add(image.counts.confusion) }
    var failed: [Failed] = []
    var resized = 0
    let clock = ContinuousClock()
    for sample in missing where !interrupt.isRequested {
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
        known[sample.name] = image
        total.add(counted.counts.confusion)
        if counted.isResized { resized += 1 }
      } catch {
        guard case .unusable(let message) = error else { break }
        progress.interrupt(with: "hfgd: \(message.printable)")
        failed.append(Failed(name: sample.name, error: message))
      }
      if let store, let run, let image = known[sample.name] { try store.keep(image, of: run.id) }
      let iou = (100 * total.meanIoU).formatted(decimals: 1)
      progress.advance("mIoU \(iou)  \(sample.name)")
    }
    progress.finish()
    if resized > 0 && !isQuiet {
      StandardError.print(
        "hfgd: warning: \(resized.counted("label map")) had another size than the picture; predictions were made at the labels' size"
      )
    }
    return Outcome(
      run: run, images: samples.compactMap { known[$0.name] }, failed: failed,
      isInterrupted: interrupt.isRequested)
  }
}
