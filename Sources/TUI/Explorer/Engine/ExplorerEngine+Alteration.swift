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
        guard !isStale() else { return }
        if let usual, let picture = usual.picture {
          var shown = Shown(entry: entry, slots: slotCount)
          predictor.withLock { predictor in
            let seen =
              alteration.corruption?(picture, named: predictor.entries[entry].name) ?? picture
            (shown.picture, shown.truth) = (seen, usual.truth)
            post(.decoded(entry: entry, picture: seen, truth: usual.truth, note: usual.note))
            _ = predictor.complete(
              shown, extras: extras, without: alteration.ablation, post: post, isStale: isStale)
          }
        }
        if !isStale() { mailbox.post(.activity(nil)) }
      }
    }
  }

  /// Predicts a part of an image by itself, slot by slot, at the output strides of the request.
  ///
  /// What is on the screen goes first: an image that is opened interrupts it, and it is done again.
  func reinfer(_ request: Reinference) {
    let mine = viewGeneration.add(1, ordering: .relaxed).newValue
    reinfer(request, mine)
  }

  /// Gives up the part that is being predicted.
  func cancelReinference() { viewGeneration.add(1, ordering: .relaxed) }

  private func reinfer(_ request: Reinference, _ mine: Int) {
    predictingQueue.async { [self] in
      guard viewGeneration.load(ordering: .relaxed) == mine else { return }
      let shows = generation.load(ordering: .relaxed)
      let isStale = { @Sendable [self] in
        generation.load(ordering: .relaxed) != shows
          || viewGeneration.load(ordering: .relaxed) != mine
      }
      guard let picture = recall(request.entry, post: { _ in })?.picture else {
        mailbox.post(
          .reinferenceFailed(
            request, message: "the picture cannot be read any more; open another and come back"))
        return
      }
      mailbox.post(.activity(Activity(what: "the view")))
      do {
        try predictor.withLock { predictor in
          let seen =
            request.alteration.corruption?(picture, named: predictor.entries[request.entry].name)
            ?? picture
          for slot in predictor.slots.indices {
            let labels = try predictor.slots[slot].labels(
              of: seen, in: request.region, scale: Double(request.scale),
              outputStride: request.strides[slot], without: request.alteration.ablation,
              isStale: isStale)
            if let labels { mailbox.post(.reinferred(request, slot: slot, labels)) }
          }
        }
        mailbox.post(.activity(nil))
      } catch is Cancelled {
        // An image that was opened meanwhile tells of its own work.
        if generation.load(ordering: .relaxed) == shows { mailbox.post(.activity(nil)) }
        predictingQueue.asyncAfter(deadline: .now() + .milliseconds(100)) { [self] in
          reinfer(request, mine)
        }
      } catch {
        mailbox.post(.activity(nil))
        mailbox.post(.reinferenceFailed(request, message: "\(error)"))
      }
    }
  }
}
