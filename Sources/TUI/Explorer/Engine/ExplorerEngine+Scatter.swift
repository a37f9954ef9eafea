import Core
import Dispatch

extension ExplorerEngine {
  /// Lays the features of some images out in a plane, one image at a time between what the screen asks for.
  ///
  /// An image that is opened interrupts the one whose features are taken, which is done again.
  func scatter(_ request: ScatterLens.Request, entries: [Sample]) {
    let mine = scattering.add(1, ordering: .relaxed).newValue
    let isOver = { @Sendable [self] in scattering.load(ordering: .relaxed) != mine }
    readingQueue.async { [self] in
      let models = sources.indices.filter { sources[$0].isModel }
      var scatter = FeatureScatter(
        of: request.entries.map { entries[$0] }, models: models.count, sampling: request.sampling)
      while scatter.counted < scatter.images.count {
        if isOver() { return }
        scatter.countNext()
      }
      collect(scatter, scatter.wanted[...], models, request, isOver)
    }
  }

  /// Ends what is being laid out.
  func stopScatter() { scattering.add(1, ordering: .relaxed) }

  private func collect(
    _ scatter: FeatureScatter, _ images: ArraySlice<Int>, _ models: [Int],
    _ request: ScatterLens.Request, _ isOver: @escaping @Sendable () -> Bool
  ) {
    predictingQueue.async { [self] in
      if isOver() { return }
      guard let image = images.first else {
        return layoutQueue.async { [self] in lay(scatter, models, request, isOver) }
      }
      let shows = generation.load(ordering: .relaxed)
      let isStale = { @Sendable [self] in
        generation.load(ordering: .relaxed) != shows || isOver()
      }
      var taken = scatter
      do {
        try taken.take(image) { model, picture in
          try predictor.withLock {
            try $0.slots[models[model]].features(of: picture, isStale: isStale)
          }
        }
      } catch is Cancelled {
        // What was opened stands in line before the next try.
        predictingQueue.asyncAfter(deadline: .now() + .milliseconds(100)) { [self] in
          collect(scatter, images, models, request, isOver)
        }
        return
      } catch {
        return mailbox.post(.scattered(.failed("\(error)")))
      }
      let rest = images.dropFirst()
      let wanted = taken.wanted.count
      mailbox.post(
        .scattered(
          .progress(
            what: "features of \((wanted - rest.count).counted("image")) of \(wanted)",
            share: Double(wanted - rest.count) / Double(wanted))))
      collect(taken, rest, models, request, isOver)
    }
  }

  private func lay(
    _ scatter: FeatureScatter, _ models: [Int], _ request: ScatterLens.Request,
    _ isOver: @Sendable () -> Bool
  ) {
    guard !scatter.points.isEmpty else {
      let why = scatter.failures.first ?? "no pixel of the shown classes was found"
      return mailbox.post(.scattered(.failed(why)))
    }
    var layouts: [(slot: Int, layout: FeatureLayout)] = []
    for (slot, points) in zip(models, scatter.features) {
      guard let points else { continue }
      let what =
        request.method.name + (models.count > 1 ? " of \(["A", "B"][slot])" : "")
      var shown = -1
      let layout = try? FeatureLayout(
        of: points, classes: scatter.classPlaces, classCount: request.sampling.classes.count,
        method: request.method, seed: request.sampling.seed, threads: threads,
        progress: { share in
          guard Int(50 * share) > shown else { return }
          shown = Int(50 * share)
          mailbox.post(.scattered(.progress(what: what, share: share)))
        }, isCancelled: isOver)
      guard let layout else { return }
      layouts.append((slot, layout))
    }
    mailbox.post(
      .scattered(
        .done(
          ScatterLens.Result(
            classes: request.sampling.classes, classPlaces: scatter.classPlaces,
            counts: scatter.classCounts, layouts: layouts, images: request.entries.count,
            method: request.method))))
  }
}
