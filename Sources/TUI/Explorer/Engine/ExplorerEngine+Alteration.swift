import Core
import Dispatch

extension ExplorerEngine {
  /// Works out `entry` as `alteration` has it; whatever was under way is given up.
  ///
  /// Nothing of it is kept or counted: what is known of the image stays what is usual.
  func show(entry: Int, extras: Answer.Extras, _ alteration: Alteration) {
    let mine = generation.add(1, ordering: .relaxed).newValue
    let isStale = { @Sendable [self] in generation.load(ordering: .relaxed) != mine }
    let post = { @Sendable [mailbox] (event: ExplorerEvent) in
      mailbox.post(.altered(alteration, event))
    }
    readingQueue.async { [self] in
      guard !isStale() else { return }
      mailbox.post(.activity(Activity(what: "reading")))
      let usual = recall(entry) { event in
        if case .failed = event { mailbox.post(event) }
      }
      predictingQueue.async { [self] in
        guard !isStale(), let usual, let picture = usual.picture else { return }
        var shown = Shown(entry: entry, slots: slotCount)
        predictor.withLock { predictor in
          shown.picture =
            alteration.corruption?(picture, named: predictor.entries[entry].name) ?? picture
          shown.truth = usual.truth
          if let picture = shown.picture {
            post(.decoded(entry: entry, picture: picture, truth: usual.truth, note: usual.note))
          }
          _ = predictor.complete(
            shown, extras: extras, without: alteration.ablation, post: post, isStale: isStale)
        }
        if !isStale() { mailbox.post(.activity(nil)) }
      }
    }
  }

  /// Predicts a part of an image by itself, slot by slot, at the output strides that are on the screen.
  ///
  /// What is on the screen goes first: an image that is opened interrupts it, and it is done again.
  func reinfer(_ request: Reinference, strides: [Int]) {
    let mine = viewGeneration.add(1, ordering: .relaxed).newValue
    reinfer(request, strides, mine)
  }

  /// Gives up the part that is being predicted.
  func cancelReinference() { viewGeneration.add(1, ordering: .relaxed) }

  private func reinfer(_ request: Reinference, _ strides: [Int], _ mine: Int) {
    predictingQueue.async { [self] in
      guard viewGeneration.load(ordering: .relaxed) == mine else { return }
      let shows = generation.load(ordering: .relaxed)
      let isStale = { @Sendable [self] in
        generation.load(ordering: .relaxed) != shows
          || viewGeneration.load(ordering: .relaxed) != mine
      }
      guard let picture = recall(request.entry, post: { _ in })?.picture else { return }
      mailbox.post(.activity(Activity(what: "the view")))
      do {
        try predictor.withLock { predictor in
          let seen =
            request.alteration.corruption?(picture, named: predictor.entries[request.entry].name)
            ?? picture
          for slot in predictor.slots.indices {
            let labels = try predictor.slots[slot].labels(
              of: seen, in: request.region, scale: Double(request.scale),
              outputStride: strides[slot], without: request.alteration.ablation, isStale: isStale)
            if let labels { mailbox.post(.reinferred(request, slot: slot, labels)) }
          }
        }
        mailbox.post(.activity(nil))
      } catch is Cancelled {
        predictingQueue.asyncAfter(deadline: .now() + .milliseconds(100)) { [self] in
          reinfer(request, strides, mine)
        }
      } catch {
        mailbox.post(.message("\(error)", isError: true))
      }
    }
  }
}
