import Viz

/// What the panes show.
let viewCommands: [ExplorerCommand] =
  [
    ExplorerCommand("view.next", "next view", .view, [Key("v")]) { state, _ in
      state.changeView(by: 1)
      return []
    },
    ExplorerCommand("view.previous", "previous view", .view, [Key("V")]) { state, _ in
      state.changeView(by: -1)
      return []
    },
  ]
  + PaneView.allCases.map { view in
    ExplorerCommand(
      "view.\(view.name.split(separator: " ")[0])", "show \(view.name)", .view,
      view.key.map { [Key($0)] } ?? []
    ) { state, _ in
      state.show(view)
      return []
    }
  } + [
    ExplorerCommand(
      "overlay.less", "less colour over the picture, lower threshold", .view, [Key("[")]
    ) {
      state, _ in
      state.shiftLevel(by: -0.1)
      return []
    },
    ExplorerCommand(
      "overlay.more", "more colour over the picture, higher threshold", .view, [Key("]")]
    ) {
      state, _ in
      state.shiftLevel(by: 0.1)
      return []
    },
    ExplorerCommand("stage.pin", "hold a stage: finest, teacher, student", .view, [Key("o")]) {
      state, _ in
      let strides = Array(Set(state.slots.flatMap(\.outputStrides))).sorted(by: >)
      let choices: [Int?] = [nil] + strides
      let place = choices.firstIndex(of: state.pinnedStride) ?? 0
      state.pinnedStride = choices[(place + 1) % choices.count]
      state.say(
        state.pinnedStride.map { "output stride \($0) is held" } ?? "the finest stage is shown")
      return []
    },
    ExplorerCommand(
      "palette.cycle", "class colours: the checkpoint's, safe for the colour-blind", .view,
      [Key("P")]
    ) { state, _ in
      state.classes.scheme = state.classes.scheme == .usual ? .safe : .usual
      state.say(
        state.classes.scheme == .usual
          ? "colours as in the checkpoint" : "colours that are safe for the colour-blind")
      return [.save]
    },
    ExplorerCommand("glyphs.next", "other glyphs for pictures", .view, [Key("g")]) { state, _ in
      state.glyphs = state.features.glyphs(after: state.glyphs)
      state.say("glyphs: \(state.glyphs.rawValue)")
      return [.save]
    },
  ]

extension ExplorerState {
  /// Shows a view in the focused pane, or says why it cannot.
  mutating func show(_ view: PaneView) {
    if view.needsTruth && view != .difference && gallery.current?.label == nil {
      complain("this image has no labels for \(view.name)")
    } else if let reason = reasonAgainst(view, slot: actingSlot) {
      complain(reason)
    } else {
      views[focusedPane] = view
    }
  }

  /// Why a slot can show no image in a view; `nil` where it can.
  func reasonAgainst(_ view: PaneView, slot: Int) -> String? {
    let shows = slots[slot]
    if view == .difference && slots.count < 2 {
      return "a difference needs two models; give a second one to hfgd explore"
    }
    if view.needsTeacher && !shows.isGuided {
      return "\(shows.name) has no teacher and student: they are what HFGD's models have"
    }
    if view == .mask && !shows.makesMasks {
      return "\(shows.name) makes no masks: they are what SegViT's models have"
    }
    guard shows.outputStrides.isEmpty else { return nil }
    if view == .probability {
      return "label maps from files have no probabilities; give a model to hfgd explore"
    }
    return view.extras.isEmpty
      ? nil : "label maps from files have no features; give a model to hfgd explore"
  }

  fileprivate mutating func changeView(by offset: Int) {
    let hasTruth = gallery.current?.label != nil
    let possible = PaneView.allCases.filter { view in
      view.key != nil && (hasTruth || !view.needsTruth)
        && reasonAgainst(view, slot: actingSlot) == nil
    }
    let place = possible.firstIndex(of: views[focusedPane]) ?? 0
    views[focusedPane] = possible[(place + offset + possible.count) % possible.count]
  }

  /// Moves what the focused pane's view is tuned by: the confidence's threshold, else the overlay's opacity.
  fileprivate mutating func shiftLevel(by step: Double) {
    func shifted(_ level: Double) -> Double {
      min(max(((level + step) * 20).rounded() / 20, 0), 1)
    }
    if views[focusedPane] == .confidence {
      threshold = shifted(threshold)
      say("confidence below \(Int((100 * threshold).rounded())) % is marked")
    } else {
      opacity = shifted(opacity)
      say("opacity \(Int((100 * opacity).rounded())) %")
    }
  }
}
