import Core
import Viz

/// All slots' runners, and what their answers say about an image.
struct Predictor {
  let entries: [Sample]
  let classes: ClassList
  var slots: [SlotRunner]

  /// Adds the answers with `extras` that `shown` misses, each told to `post` as it comes, and sums them up.
  ///
  /// What is there when the work is given up is returned as it is. Models run without what they have of `ablation`.
  mutating func complete(
    _ shown: Shown, extras: Answer.Extras, without ablation: Ablation = [],
    post: (ExplorerEvent) -> Void, isStale: () -> Bool
  ) -> (Shown, Gallery.Facts) {
    var shown = shown
    guard let picture = shown.picture else { return (shown, Gallery.Facts()) }
    let entry = shown.entry
    for slot in slots.indices where !isStale() {
      do {
        try slots[slot].predict(
          entries[entry].name, picture, shown.truth, classes,
          known: shown.answers[slot], extras: extras, without: ablation,
          begin: { post(.activity(Activity(what: $0))) }, isStale: isStale,
          answer: { answer in
            shown.answers[slot][answer.outputStride] = answer
            post(.answered(entry: entry, slot: slot, answer))
          })
      } catch is Cancelled {
        break
      } catch let error as any Error & CustomStringConvertible {
        post(.failed(entry: entry, message: error.description))
      } catch {
        post(.failed(entry: entry, message: error.localizedDescription))
      }
    }
    return (shown, facts(of: shown))
  }

  /// What a slot's prediction of an entry counts, as a run describes it.
  mutating func counts(
    of entry: Int, slot: Int, _ description: RunDescription, isStale: () -> Bool
  ) throws -> ImageCounts {
    try slots[slot].counts(of: entries[entry], description, isStale: isStale)
  }

  private func facts(of shown: Shown) -> Gallery.Facts {
    var facts = Gallery.Facts()
    facts.meanIoU = slots.indices.map { slot in
      shown.answer(of: slot, pinned: nil)?.counts.map { 100 * $0.meanIoU }
    }
    if let first = shown.answer(of: 0, pinned: nil) {
      facts.scores = first.counts.map(ImageScores.init)
      let pixels = Float(max(1, first.labels.values.count))
      facts.areas = first.labels.areas(classes: classes.names.count).map { Float($0) / pixels }
      facts.meanEntropy = first.certainty.map { Double($0.entropy.reduce(0, +) / pixels) }
    }
    return facts
  }
}
