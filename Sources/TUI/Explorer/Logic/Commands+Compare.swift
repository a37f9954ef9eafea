/// Two models beside, over or after one another.
let compareCommands: [ExplorerCommand] = [
  ExplorerCommand("compare.next", "single, side by side, wipe, blink", .compare, [Key("c")]) {
    state, _ in
    guard state.slots.count > 1 else {
      state.complain("comparing needs two models; give a second one to hfgd explore")
      return []
    }
    let all = Comparison.allCases
    let place = all.firstIndex(of: state.comparison) ?? 0
    state.comparison = all[(place + 1) % all.count]
    state.say("compare: \(state.comparison.rawValue)")
    return []
  },
  ExplorerCommand("compare.swap", "the other model", .compare, [Key("t")]) { state, _ in
    state.focusedSlot = (state.focusedSlot + 1) % max(1, state.slots.count)
    return []
  },
  ExplorerCommand(
    "compare.difference", "where only A, only B, both or none are right", .compare, [Key("d")]
  ) {
    state, _ in
    if state.views[state.actingSlot] == .difference {
      state.views[state.actingSlot] = .overlay
    } else {
      state.show(.difference)
    }
    return []
  },
  ExplorerCommand("divider.left", "divider to the left", .compare, [Key("<")]) { state, _ in
    state.divider = max(0.05, state.divider - 0.05)
    return []
  },
  ExplorerCommand("divider.right", "divider to the right", .compare, [Key(">")]) { state, _ in
    state.divider = min(0.95, state.divider + 0.05)
    return []
  },
]
