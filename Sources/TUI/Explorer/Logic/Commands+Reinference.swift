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
    default:
      state.reinference = nil
      return [.cancelReinference]
    }
  }
]

extension ExplorerState {
  /// Asks for what is in sight; 2× takes the part that 1× took.
  fileprivate mutating func reinfer(_ picture: Picture, scale: Int) -> [ExplorerEffect] {
    let request = Reinference(
      entry: shown.entry, region: reinference?.region ?? visibleRegion(of: picture), scale: scale,
      alteration: alteration)
    reinference = request
    return [.reinfer(request, strides: slots.indices.map { answer(of: $0)?.outputStride ?? 0 })]
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
    guard let known = reinference, known.entry == request.entry, known.region == request.region,
      known.scale == request.scale, known.alteration == request.alteration,
      let whole = shown.answer(of: slot, pinned: pinnedStride)
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
