import Core
import Dispatch

extension ExplorerEngine {
  /// Tells what was marked, and what runs of the past have counted, slot by slot; nothing waits for it.
  func recallRuns() {
    guard let ledger else { return }
    marksQueue.async { [self] in
      if let marks = try? ledger.marks(), !marks.isEmpty { mailbox.post(.marked(marks)) }
    }
    storeQueue.async { [self] in
      for slot in 0..<slotCount {
        do {
          let counts = try ledger.counts(of: slot)
          guard !counts.isEmpty else { continue }
          mailbox.post(.counted(slot: slot, counts.map { Counted(entry: $0.entry, $0.1) }))
        } catch let failure as StoreFailure {
          mailbox.post(.message(failure.description, isError: true))
          return
        } catch {
          // A model that cannot be read tells so itself.
          continue
        }
      }
    }
  }

  /// Keeps a mark, or that it was taken away.
  func mark(_ name: String, _ isMarked: Bool) {
    guard let ledger else { return }
    marksQueue.async { [self] in
      do { try ledger.mark(name, isMarked) } catch {
        mailbox.post(.message("\(error)", isError: true))
      }
    }
  }

  /// Counts all images that the slots have not counted, one after the other, and keeps them as `hfgd eval` does.
  ///
  /// What is on the screen goes first: an image that is opened interrupts the one being counted, which is done again.
  func evaluate() {
    guard let ledger else {
      mailbox.post(
        .evaluated(
          nil,
          message: "a run that is watched is not counted, as its weights change; "
            + "count its checkpoint with hfgd eval, or explore it without --watch"))
      return
    }
    let mine = evaluation.add(1, ordering: .relaxed).newValue
    storeQueue.async { [self] in
      do {
        var works: [Ledger.Work] = []
        for slot in 0..<slotCount { works.append(try ledger.work(of: slot)) }
        let total = works.reduce(0) { $0 + $1.missing.count }
        step(EvaluationQueue(works: works, total: total), mine)
      } catch {
        mailbox.post(.evaluated(nil, message: "\(error)"))
      }
    }
  }

  /// Ends the evaluation after what it has kept.
  func stopEvaluating() { evaluation.add(1, ordering: .relaxed) }

  private func step(_ queue: EvaluationQueue, _ mine: Int) {
    let isOver = { @Sendable [self] in evaluation.load(ordering: .relaxed) != mine }
    predictingQueue.async { [self] in
      guard !isOver() else { return }
      var queue = queue
      guard let (work, entry) = queue.next else {
        mailbox.post(.evaluated(nil, message: queue.summary))
        return
      }
      mailbox.post(.evaluated((queue.done, queue.total), message: nil))
      let shows = generation.load(ordering: .relaxed)
      let isStale = { @Sendable [self] in
        generation.load(ordering: .relaxed) != shows || isOver()
      }
      let clock = ContinuousClock()
      let start = clock.now
      do {
        let (counts, stamp) = try predictor.withLock {
          let counts = try $0.counts(
            of: entry, slot: work.slot, work.description, isStale: isStale)
          return (counts, $0.slots[work.slot].stamp)
        }
        let milliseconds = (clock.now - start) / .milliseconds(1)
        // What other weights count does not belong to this run.
        guard stamp == work.stamp else { throw FileReplaced(path: sources[work.slot].path) }
        try ledger?.keep(counts, of: entry, work, milliseconds: milliseconds)
        mailbox.post(.counted(slot: work.slot, [Counted(entry: entry, counts.confusion)]))
        queue.advance(failed: nil)
      } catch EvaluationSubject.Failure.cancelled {
        // What was opened is read by now or soon, and its prediction stands in line before the next try.
        predictingQueue.asyncAfter(deadline: .now() + .milliseconds(100)) { [self, queue] in
          step(queue, mine)
        }
        return
      } catch EvaluationSubject.Failure.unusable(let message) {
        queue.advance(failed: message)
      } catch {
        mailbox.post(.evaluated(nil, message: "\(error)"))
        return
      }
      step(queue, mine)
    }
  }
}

/// The images that are still to be counted.
private struct EvaluationQueue {
  private var works: [Ledger.Work]
  let total: Int
  private(set) var done = 0
  private var failures: [String] = []

  init(works: [Ledger.Work], total: Int) {
    self.works = works
    self.total = total
  }

  /// The next image and the run that it belongs to.
  var next: (Ledger.Work, Int)? {
    works.first { !$0.missing.isEmpty }.flatMap { work in work.missing.first.map { (work, $0) } }
  }

  /// Leaves the next image behind; `failed` says why it could not be counted.
  mutating func advance(failed: String?) {
    if let slot = works.firstIndex(where: { !$0.missing.isEmpty }) {
      works[slot].missing.removeFirst()
    }
    done += 1
    if let failed { failures.append(failed) }
  }

  /// What came of it, in words.
  var summary: String {
    if total == 0 { return "all images are counted already; hfgd runs shows them" }
    let counted = "\((done - failures.count).counted("prediction")) counted and kept"
    guard let first = failures.first else { return counted }
    return "\(counted), \(failures.count) failed: \(first)"
  }
}
