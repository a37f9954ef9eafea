import Core

/// What other class tokens would predict: sliders in place of the classes, and the predictions that follow from them.
struct WhatIf: Sendable {
  /// What an outcome depends on, beside the features and tokens at hand.
  struct Key: Sendable, Equatable {
    let entry, slot, outputStride: Int
    let edit: TokenEdit
  }

  /// An edited prediction of the open image.
  struct Outcome: Sendable {
    let key: Key
    /// With classes merged in the labels, and by the sums of their probabilities.
    let labelled, summed: Answer
    /// The truth with classes merged; `nil` where none are, or where there is no truth.
    let truth: LabelMap?
    /// Counts up, so that what is drawn of one is not taken for another's.
    var number = 0
  }

  /// The reach of a bias.
  static let biases: ClosedRange<Float> = -20...20
  /// The reach of the temperature.
  static let temperatures: ClosedRange<Float> = 0.125...16

  var isOpen = false
  /// The edit of each slot; all have the same groups of classes.
  var edits: [TokenEdit]
  /// The class that waits for one to be merged with.
  var partner: Int?
  /// Whether merged classes are shown by the sums of their probabilities.
  var isSummed = false
  /// What the engine was asked for last, by slot.
  var asked: [Int: Key] = [:]
  private(set) var outcomes: [Int: Outcome] = [:]

  /// No edits of `slots` models of `classes` classes.
  init(slots: Int, classes: Int) {
    edits = Array(repeating: TokenEdit(count: classes), count: slots)
  }

  /// Takes an outcome up unless something newer was asked for meanwhile.
  mutating func take(_ outcome: Outcome) {
    let slot = outcome.key.slot
    guard asked[slot] == outcome.key else { return }
    let number = (outcomes[slot]?.number ?? 0) + 1
    outcomes[slot] = outcome
    outcomes[slot]?.number = number
  }

  /// The outcome to show in place of a slot's own answer; the one before while a newer one is made.
  func outcome(of slot: Int, entry: Int, outputStride: Int?) -> Outcome? {
    guard isOpen, !edits[slot].isEmpty, let outcome = outcomes[slot],
      outcome.key.entry == entry, outcome.key.outputStride == outputStride
    else { return nil }
    return outcome
  }
}

extension ExplorerState {
  /// The answer of a slot as its model gave it.
  func ownAnswer(of slot: Int) -> Answer? { shown.answer(of: slot, pinned: pinnedStride) }

  /// The outcome of a slot's edit that is shown in place of its own answer.
  func outcome(of slot: Int) -> WhatIf.Outcome? {
    whatIf.outcome(
      of: slot, entry: shown.entry, outputStride: ownAnswer(of: slot)?.outputStride)
  }

  /// The truth that predictions are judged by: merged as they are.
  var truth: LabelMap? {
    slots.indices.lazy.compactMap { outcome(of: $0)?.truth }.first ?? shown.truth
  }

  /// What rasters depend on of the edits: the outcome of each slot that shows one, and how it is merged.
  var editNumbers: [Int] {
    slots.indices.map { slot in
      outcome(of: slot).map { 2 * $0.number + (whatIf.isSummed ? 1 : 0) } ?? 0
    }
  }

  /// The edit that the keys change: the acting slot's.
  var edit: TokenEdit { whatIf.edits[actingSlot] }

  /// IoU in percent of a class of the acting slot, and the mean for `nil`: before and after the edit.
  ///
  /// Both with classes merged. `nil` without labels or where the class does not occur; after is `nil` while it is made.
  func editedIoU(_ k: Int?) -> (before: Double?, after: Double?) {
    func percent(_ counts: ConfusionMatrix?) -> Double? {
      counts.map { k.map($0.iou) ?? $0.meanIoU }.flatMap { $0.isFinite ? 100 * $0 : nil }
    }
    let own = ownAnswer(of: actingSlot)?.counts?.merging(edit.groups)
    return (percent(own), percent(edit.isEmpty ? own : shownOutcome?.counts))
  }

  /// The mean IoU in percent by sums of probabilities; `nil` where no classes are merged.
  var summedIoU: Double? {
    edit.groups.isTrivial
      ? nil : outcome(of: actingSlot)?.summed.counts.map { 100 * $0.meanIoU }
  }

  /// The acting slot's edited answer, merged in the labels.
  private var shownOutcome: Answer? { outcome(of: actingSlot)?.labelled }

  /// Asks for the edited predictions of the open image that are missing and can be made.
  mutating func askForEdits() -> [ExplorerEffect] {
    guard whatIf.isOpen else { return [] }
    return slots.indices.compactMap { slot in
      let edit = whatIf.edits[slot]
      guard !edit.isEmpty, !shown.outdated.contains(slot), let answer = ownAnswer(of: slot) else {
        return nil
      }
      let key = WhatIf.Key(
        entry: shown.entry, slot: slot, outputStride: answer.outputStride, edit: edit)
      // A folder's predictions can be merged, and nothing else.
      let isFile = slots[slot].outputStrides.isEmpty
      let other = edit.isSwapped ? tokens[1 - slot] : nil
      guard whatIf.asked[slot] != key,
        isFile || (answer.features != nil && tokens[slot] != nil),
        !edit.isSwapped || other != nil
      else { return nil }
      whatIf.asked[slot] = key
      return .edit(
        WhatIfRequest(
          key: key, answer: answer, truth: shown.truth, tokens: tokens[slot], other: other,
          classes: classes))
    }
  }
}

/// An edited prediction to be made.
struct WhatIfRequest: Sendable {
  let key: WhatIf.Key
  /// The model's own, with its features.
  let answer: Answer
  let truth: LabelMap?
  /// `nil` for a folder of predictions.
  let tokens, other: ClassTokens?
  let classes: ClassList
}
