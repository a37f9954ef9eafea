/// Two models, or a model and the truth, beside, over or after one another.
let compareCommands: [ExplorerCommand] = [
  ExplorerCommand("compare.next", "single, side by side, wipe, blink", .compare, [Key("c")]) {
    state, _ in
    let all = Comparison.allCases
    let place = all.firstIndex(of: state.comparison) ?? 0
    state.comparison = all[(place + 1) % all.count]
    state.say("compare: \(state.comparison.rawValue)")
    return []
  },
  ExplorerCommand("compare.swap", "the other pane", .compare, [Key("t")]) { state, _ in
    state.focusedPane = 1 - state.focusedPane
    // The other model's matrix may have no row or column for what is no class.
    state.moveConfusion(0, 0)
    return []
  },
  ExplorerCommand(
    "compare.rate", "how long each blinking pane stays, 0.1 to 10 s", .compare, [Key("b")],
    takes: "SECONDS"
  ) { state, argument in
    state.setBlinkTime(argument)
    return []
  },
  ExplorerCommand(
    "compare.difference", "where only A, only B, both or none are right", .compare, [Key("d")]
  ) {
    state, _ in
    if state.views[state.focusedPane] == .difference {
      state.views[state.focusedPane] = .overlay
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

extension ExplorerState {
  /// Blinks at a time that was typed, in seconds, or at the next of a few; a tick is a tenth.
  fileprivate mutating func setBlinkTime(_ argument: String) {
    if argument.isEmpty {
      blinkTicks = [3, 6, 10, 20].first { $0 > blinkTicks } ?? 3
    } else if let seconds = Double(argument), 0.1...10 ~= seconds {
      blinkTicks = Int((10 * seconds).rounded())
    } else {
      complain("compare.rate takes seconds from 0.1 to 10, not \(argument)")
      return
    }
    say("blink: \((Double(blinkTicks) / 10).formatted(decimals: 1)) s each")
  }
}
