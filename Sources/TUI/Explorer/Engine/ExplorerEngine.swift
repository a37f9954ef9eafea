import Core
import Dispatch
import Synchronization
import Viz

/// Reads images and runs models beside the screen; everything it finds goes to the mailbox.
///
/// Work is done on one serial queue, in the order in which it is useful: the open image, coarse to fine and model by
/// model, then its neighbours. Opening another image raises the generation, which ends the run under way between two of
/// its steps.
final class ExplorerEngine: Sendable {
  private let queue = DispatchQueue(label: "hfgd.engine", qos: .utility)
  private let thumbnailQueue = DispatchQueue(label: "hfgd.thumbnails", qos: .utility)
  private let exportQueue = DispatchQueue(label: "hfgd.export", qos: .utility)
  private let generation = Atomic(0)
  private let thumbnailGeneration = Atomic(0)
  private let exportGeneration = Atomic(0)
  private let mailbox: Mailbox
  private let work: Mutex<EngineWork>

  /// An engine for `entries` whose slots are `sources`; nothing is loaded before the first image is asked for.
  init(
    entries: [Gallery.Entry], sources: [SlotSource], classes: ClassList, threads: Threads,
    cacheBytes: Int, mailbox: Mailbox
  ) {
    self.mailbox = mailbox
    work = Mutex(
      EngineWork(
        entries: entries, classes: classes,
        slots: sources.map { SlotRunner($0, threads: threads) },
        cache: ResultCache(byteLimit: cacheBytes)))
  }

  /// Works out `entry`, then `neighbours`; whatever was under way is given up.
  func show(entry: Int, neighbours: [Int]) {
    let mine = generation.add(1, ordering: .relaxed).newValue
    queue.async { [self] in
      let isStale = { @Sendable in self.generation.load(ordering: .relaxed) != mine }
      work.withLock { work in
        for (i, index) in ([entry] + neighbours).enumerated() where !isStale() {
          work.workOut(index, isOpen: i == 0, post: mailbox.post, isStale: isStale)
        }
      }
      if !isStale() { mailbox.post(.activity(nil)) }
    }
  }

  /// Makes small pictures of `entries`, beside the other work; those asked for earlier and not begun are given up.
  func makeThumbnails(_ entries: [(entry: Int, image: String)]) {
    let mine = thumbnailGeneration.add(1, ordering: .relaxed).newValue
    thumbnailQueue.async { [self] in
      for (entry, image) in entries
      where thumbnailGeneration.load(ordering: .relaxed) == mine {
        mailbox.post(.thumbnail(entry: entry, Self.thumbnail(of: image)))
      }
    }
  }

  private static func thumbnail(of path: String) -> Picture? {
    guard let picture = try? ImageFile.readPicture(at: path) else { return nil }
    let scale = min(
      1, Double(ThumbnailGrid.sidePixels) / Double(max(picture.width, picture.height)))
    return picture.areaScaled(
      width: max(1, Int(Double(picture.width) * scale)),
      height: max(1, Int(Double(picture.height) * scale)))
  }

  /// Composes and writes a figure, beside the other work.
  func export(_ request: ExportRequest) {
    let mine = exportGeneration.load(ordering: .relaxed)
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

  /// Gives up what is under way, but returns only when every figure that was asked for is written.
  func finish() {
    cancel()
    exportQueue.sync {}
  }

  /// Gives up what is under way.
  func cancel() { generation.add(1, ordering: .relaxed) }
}

/// The engine's data, touched on its queue only.
private struct EngineWork {
  let entries: [Gallery.Entry]
  let classes: ClassList
  var slots: [SlotRunner]
  var cache: ResultCache

  /// Reads and predicts one entry; an open one is told about step by step, a neighbour only kept.
  mutating func workOut(
    _ index: Int, isOpen: Bool, post: (ExplorerEvent) -> Void, isStale: () -> Bool
  ) {
    guard entries.indices.contains(index) else { return }
    func tell(_ event: ExplorerEvent) { if isOpen { post(event) } }
    var shown = cache.take(index) ?? Shown(entry: index, slots: slots.count)
    var note: String?
    if shown.picture == nil {
      tell(.activity(Activity(what: "reading")))
      do throws(ImageFailure) {
        shown.picture = try ImageFile.readPicture(at: entries[index].image)
      } catch {
        tell(.failed(entry: index, message: error.description))
        return
      }
      (shown.truth, note) = truth(of: entries[index], like: shown.picture)
    }
    guard let picture = shown.picture else { return }
    tell(.decoded(entry: index, picture: picture, truth: shown.truth, note: note))
    for slot in slots.indices where !isStale() {
      for answer in shown.answers[slot].values { tell(.answered(entry: index, slot: slot, answer)) }
      do {
        try slots[slot].predict(
          entries[index].name, picture, shown.truth, classes, known: Set(shown.answers[slot].keys),
          begin: { tell(.activity(Activity(what: $0))) }, isStale: isStale,
          answer: { answer in
            shown.answers[slot][answer.outputStride] = answer
            tell(.answered(entry: index, slot: slot, answer))
          })
      } catch is Cancelled {
        break
      } catch let error as any Error & CustomStringConvertible {
        tell(.failed(entry: index, message: error.description))
      } catch {
        tell(.failed(entry: index, message: error.localizedDescription))
      }
    }
    cache.keep(shown)
    if !isStale() { post(.learnt(entry: index, facts(of: shown))) }
  }

  /// The label map of an entry; one that cannot be read or has another size is left out and told about.
  private func truth(of entry: Gallery.Entry, like picture: Picture?) -> (LabelMap?, String?) {
    guard let path = entry.label, let picture else { return (nil, nil) }
    do throws(ImageFailure) {
      let truth = try ImageFile.readLabels(at: path)
      guard truth.width == picture.width && truth.height == picture.height else {
        return (
          nil,
          "labels are \(truth.width)×\(truth.height), the picture \(picture.width)×\(picture.height): not used"
        )
      }
      return (truth, strayLabels(in: truth))
    } catch {
      return (nil, error.description)
    }
  }

  /// Words about labels that no class has, as where the data set is another one than the model's.
  private func strayLabels(in truth: LabelMap) -> String? {
    let count = classes.names.count
    let ignored = UInt16(exactly: classes.ignoreIndex)
    guard let stray = truth.values.lazy.filter({ $0 >= count && $0 != ignored }).max() else {
      return nil
    }
    return "labels go up to \(stray), the model has classes 0 to \(count - 1): "
      + "the rest counts as wrong; give labels of the model's classes"
  }

  private func facts(of shown: Shown) -> Gallery.Facts {
    var facts = Gallery.Facts()
    facts.meanIoU = slots.indices.map { slot in
      shown.answer(of: slot, pinned: nil)?.counts.map { 100 * $0.meanIoU }
    }
    if let first = shown.answer(of: 0, pinned: nil) {
      let pixels = Float(max(1, first.labels.values.count))
      facts.areas = first.labels.areas(classes: classes.names.count).map { Float($0) / pixels }
      facts.meanEntropy = first.certainty.map { Double($0.entropy.reduce(0, +) / pixels) }
    }
    return facts
  }
}
