import Core
import Dispatch
import Synchronization
import Viz

/// Reads images and runs models beside the screen; everything it finds goes to the mailbox.
///
/// The open image is read, or taken out of the cache, at once. Its predictions wait on a queue of their own for the run
/// under way to end between two of its steps: coarse to fine and model by model, then those of its neighbours.
final class ExplorerEngine: Sendable {
  let readingQueue = DispatchQueue(label: "hfgd.reading", qos: .utility)
  let predictingQueue = DispatchQueue(label: "hfgd.predicting", qos: .utility)
  private let thumbnailQueue = DispatchQueue(label: "hfgd.thumbnails", qos: .utility)
  let exportQueue = DispatchQueue(label: "hfgd.export", qos: .utility)
  let editingQueue = DispatchQueue(label: "hfgd.editing", qos: .userInitiated)
  /// What was asked for last of each slot's edited predictions.
  let latestEdits = Mutex<[Int: WhatIf.Key]>([:])
  let layoutQueue = DispatchQueue(label: "hfgd.layout", qos: .utility)
  let storeQueue = DispatchQueue(label: "hfgd.store", qos: .utility)
  /// Marks do not wait until all counts of the past are read.
  let marksQueue = DispatchQueue(label: "hfgd.marks", qos: .utility)
  let generation = Atomic(0)
  /// Goes up when an evaluation begins or is to end.
  let evaluation = Atomic(0)
  /// Goes up when a scatter begins or is to end.
  let scattering = Atomic(0)
  /// Goes up when a part of an image is to be predicted by itself, or no longer.
  let viewGeneration = Atomic(0)
  private let thumbnailGeneration = Atomic(0)
  let exportGeneration = Atomic(0)
  let mailbox: Mailbox
  /// `nil` where there is no data set to measure on.
  let ledger: Ledger?
  let sources: [SlotSource]
  let slotCount: Int
  let threads: Threads
  private let reader: ImageReader
  private let cache: Mutex<ResultCache>
  private let classes: ClassList
  /// Used on the predicting queue only.
  let predictor: Mutex<Predictor>

  /// An engine for `entries` whose slots are `sources`; nothing is loaded before the first image is asked for.
  init(
    entries: [Sample], sources: [SlotSource], classes: ClassList, threads: Threads,
    cacheBytes: Int, mailbox: Mailbox, ledger: Ledger? = nil
  ) {
    self.mailbox = mailbox
    self.ledger = ledger
    self.sources = sources
    slotCount = sources.count
    self.threads = threads
    self.classes = classes
    reader = ImageReader(entries: entries, slots: sources.count, classes: classes)
    cache = Mutex(ResultCache(byteLimit: cacheBytes))
    predictor = Mutex(
      Predictor(
        entries: entries, classes: classes,
        slots: sources.enumerated().map { slot, source in
          SlotRunner(source, threads: threads) { mailbox.post(.tokens(slot: slot, $0, $1)) }
        }))
  }

  /// Works out `entry`, then `neighbours`, with `extras`; whatever was under way is given up.
  func show(entry: Int, neighbours: [Int], extras: Answer.Extras = []) {
    let mine = generation.add(1, ordering: .relaxed).newValue
    let isStale = { @Sendable [self] in generation.load(ordering: .relaxed) != mine }
    readingQueue.async { [self] in
      guard !isStale() else { return }
      mailbox.post(.activity(Activity(what: "reading")))
      let shown = recall(entry, post: mailbox.post)
      predictingQueue.async { [self] in
        if let shown { predict(shown, extras, post: mailbox.post, isStale: isStale) }
        for neighbour in neighbours where !isStale() {
          guard let shown = recall(neighbour, post: { _ in }) else { continue }
          predict(shown, extras, post: { _ in }, isStale: isStale)
        }
        if !isStale() { mailbox.post(.activity(nil)) }
      }
    }
  }

  /// What is known of an entry: from the cache, else its picture and labels from their files; `nil` where there is no
  /// picture.
  func recall(_ entry: Int, post: (ExplorerEvent) -> Void) -> Shown? {
    if let known = cache.withLock({ $0.take(entry) }), let picture = known.picture {
      post(.decoded(entry: entry, picture: picture, truth: known.truth, note: known.note))
      for (slot, answers) in known.answers.enumerated() {
        for answer in answers.values { post(.answered(entry: entry, slot: slot, answer)) }
      }
      return known
    }
    guard let shown = reader.read(entry, post: post) else { return nil }
    cache.withLock { $0.keep(shown) }
    return shown
  }

  /// Makes the answers that are missing of what was recalled; the run before may have left some of them meanwhile.
  @discardableResult
  func predict(
    _ recalled: Shown, _ extras: Answer.Extras = [],
    post: @escaping @Sendable (ExplorerEvent) -> Void,
    isStale: @escaping @Sendable () -> Bool
  ) -> Shown {
    let entry = recalled.entry
    let latest = cache.withLock { $0.take(entry) } ?? recalled
    for (slot, answers) in latest.answers.enumerated() {
      for answer in answers.values
      where recalled.answers[slot][answer.outputStride]?.extras != answer.extras {
        post(.answered(entry: entry, slot: slot, answer))
      }
    }
    let (shown, facts) = predictor.withLock {
      $0.complete(latest, extras: extras, post: post, isStale: isStale)
    }
    cache.withLock { $0.keep(shown) }
    if !isStale() {
      let splits = shown.answers.indices.map { shown.split(of: $0, classes: classes.names.count) }
      var facts = facts
      facts.split = splits.first.flatMap { $0 }
      let counts = shown.answers.indices.map { slot in
        SlotCounts(
          confusion: shown.answer(of: slot, pinned: nil)?.counts.map(ImageConfusion.init),
          split: splits[slot])
      }
      mailbox.post(.learnt(entry: shown.entry, facts, counts: counts))
    }
    return shown
  }

  /// Takes up a checkpoint that has been replaced: all that its slot had answered is out of date.
  func replace(slot: Int, message: String) {
    cancel()
    predictingQueue.async { [self] in
      predictor.withLock { $0.slots[slot].forget() }
      cache.withLock { $0.forget(slot: slot) }
      mailbox.post(.replaced(slot: slot, message: message))
    }
  }

  /// Makes small pictures of `entries`, beside the other work; those asked for earlier and not begun are given up.
  func makeThumbnails(_ entries: [(entry: Int, image: FileSource)]) {
    let mine = thumbnailGeneration.add(1, ordering: .relaxed).newValue
    thumbnailQueue.async { [self] in
      for (entry, image) in entries
      where thumbnailGeneration.load(ordering: .relaxed) == mine {
        mailbox.post(.thumbnail(entry: entry, Self.thumbnail(of: image)))
      }
    }
  }

  private static func thumbnail(of image: FileSource) -> Picture? {
    guard let picture = try? ImageFile.readPicture(from: image) else { return nil }
    let scale = min(
      1, Double(ThumbnailGrid.sidePixels) / Double(max(picture.width, picture.height)))
    return picture.areaScaled(
      width: max(1, Int(Double(picture.width) * scale)),
      height: max(1, Int(Double(picture.height) * scale)))
  }

  /// Composes and writes a figure, beside the other work.
  func export(_ request: ExportRequest) {
    export(request, mine: exportGeneration.load(ordering: .relaxed))
  }

  /// The same for a figure that was asked for in the generation `mine`.
  func export(_ request: ExportRequest, mine: Int) {
    exportQueue.async { [self] in
      do throws(ImageFailure) {
        let path = try request.write { exportGeneration.load(ordering: .relaxed) != mine }
        if let path { mailbox.post(.exported("written to \(path)", isError: false)) }
      } catch {
        mailbox.post(.exported(error.description, isError: true))
      }
    }
  }

  /// Gives up the figure that is being made; one that has been written already stays.
  func cancelExport() { exportGeneration.add(1, ordering: .relaxed) }

  /// Gives up what is under way, but returns only when every figure that was asked for is written, and every mark.
  func finish() {
    cancel()
    exportQueue.sync {}
    marksQueue.sync {}
  }

  /// Gives up what is under way.
  func cancel() {
    stopEvaluating()
    stopScatter()
    generation.add(1, ordering: .relaxed)
  }
}
