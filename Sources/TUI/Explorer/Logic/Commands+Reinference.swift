import Core

/// Predicting what is in sight by itself.
let reinferenceCommands: [ExplorerCommand] = [
  ExplorerCommand(
    "reinfer", "predict what is in sight by itself: 1×, 2×, off", .lenses, [Key("r")]
  ) { state, _ in
    guard let picture = state.shown.picture, state.shown.alteration == state.alteration else {
      state.complain("there is no picture yet")
      return []
    }
    guard state.slots.contains(where: { !$0.outputStrides.isEmpty }) else {
      state.complain("label maps from files cannot be predicted again")
      return []
    }
    switch state.reinference?.scale {
    case nil: return state.reinfer(picture, scale: 1)
    case 1: return state.reinfer(picture, scale: 2)
    default: return state.dropReinference()
    }
  }
]

extension ExplorerState {
  /// Asks for what is in sight; 2× takes the part that 1× took.
  fileprivate mutating func reinfer(_ picture: Picture, scale: Int) -> [ExplorerEffect] {
    let strides = slots.map { lastStride(of: $0) }
    // A part is put into an answer that stays: what a coarser stage says now is replaced while the part is predicted.
    let isAnswered = slots.indices.allSatisfy { slot in
      slots[slot].outputStrides.isEmpty
        || !shown.outdated.contains(slot) && shown.answers[slot][strides[slot]] != nil
    }
    guard isAnswered else {
      complain("the whole picture is not predicted yet; wait for it, then predict the view")
      return []
    }
    let request = Reinference(
      entry: shown.entry, region: reinference?.region ?? visibleRegion(of: picture), scale: scale,
      strides: strides, alteration: alteration)
    reinference = request
    return [.reinfer(request)]
  }

  /// The output stride of a slot's last answer: the one that is held, where it has that, else its finest.
  private func lastStride(of slot: Slot) -> Int {
    pinnedStride.flatMap { slot.outputStrides.contains($0) ? $0 : nil } ?? slot.finestStride
  }

  /// Shows the whole again in place of a part that is predicted by itself, which need not be done any more.
  mutating func dropReinference() -> [ExplorerEffect] {
    guard reinference != nil else { return [] }
    reinference = nil
    return [.cancelReinference]
  }

  /// Takes up that a part cannot be predicted by itself.
  mutating func fail(_ request: Reinference, _ message: String) {
    guard reinference?.isSameRequest(as: request) == true else { return }
    reinference = nil
    complain(message)
  }

  /// The pixels that a pane shows some of.
  private func visibleRegion(of picture: Picture) -> PixelRegion {
    let pane = Layout(self).panes[0]
    let placement = viewport.placement(
      width: picture.width, height: picture.height, columns: pane.width, rows: pane.height)
    func pixels(_ start: Double, _ length: Double, _ side: Int) -> Range<Int> {
      let first = min(max(0, Int(start)), side - 1)
      return first..<min(max(first + 1, Int((start + length).rounded(.up))), side)
    }
    return PixelRegion(
      x: pixels(placement.x, placement.width, picture.width),
      y: pixels(placement.y, placement.height, picture.height))
  }

  /// Puts a slot's new labels in the place of its answer's.
  mutating func take(_ labels: LabelMap, of slot: Int, for request: Reinference) {
    guard let known = reinference, known.isSameRequest(as: request),
      let whole = shown.answers[slot][request.strides[slot]]
    else { return }
    let change = LabelChange(
      from: whole.labels.cropped(to: known.region), to: labels, classes: classes.names.count)
    var answer = whole
    answer.labels = whole.labels.replacing(known.region, with: labels)
    answer.counts = shown.truth.map { classes.counts(answer.labels, $0) }
    reinference?.results[slot] = Reinference.Result(answer: answer, change: change)
  }

  /// What is predicted by itself, in words for the header: "view 2×: 3.1 % differ".
  var reinferenceWords: String? {
    guard let reinference else { return nil }
    let view = "view \(reinference.scale)×"
    guard let result = reinference.results[actingSlot] else { return "\(view) …" }
    return "\(view): \((100 * result.change.share).formatted(decimals: 1)) % differ"
  }
}
