import Core
import Viz

/// The token bench: how like the classes are to each other in the models' own eyes.
let tokenCommands: [ExplorerCommand] = [
  ExplorerCommand(
    "tokens", "token bench: how class tokens depend on one another; Enter opens the pixels",
    .tokens, [Key("B")]
  ) { state, _ in
    let effects = state.endWalk()
    if state.bench.isOpen { state.bench.isOpen = false } else { state.openBench() }
    return effects
  },
  ExplorerCommand(
    "tokens.show", "model A, B, side by side, their difference", .tokens,
    [Key(.tab), Key("t"), Key("c")], in: .tokens
  ) { state, _ in
    state.openBench()
    guard state.slots.count > 1 else {
      state.complain("there is one model; give a second one to hfgd explore")
      return []
    }
    state.bench.show = state.bench.show.next
    return []
  },
  ExplorerCommand(
    "tokens.values", "softmax of the tokens' products, or their cosines", .tokens, [Key("v")],
    in: .tokens
  ) { state, _ in
    state.openBench()
    state.bench.measure.values = state.bench.measure.values.next
    return []
  },
  ExplorerCommand(
    "tokens.scale", "scale of the softmax: 1, or 1/√D as CAR has it", .tokens, [Key("s")],
    in: .tokens
  ) { state, _ in
    state.openBench()
    state.bench.measure.scale = state.bench.measure.scale.next
    return []
  },
  ExplorerCommand(
    "tokens.order", "like tokens beside each other, or classes in their order", .tokens,
    [Key("C")], in: .tokens
  ) { state, _ in
    state.openBench()
    state.bench.isClustered.toggle()
    state.say(state.bench.isClustered ? "like tokens side by side" : "classes in their order")
    return []
  },
  ExplorerCommand(
    "tokens.larger", "larger squares", .tokens, [Key("+"), Key("=")], in: .tokens
  ) { state, _ in
    state.zoomBench(by: 1)
    return []
  },
  ExplorerCommand("tokens.smaller", "smaller squares", .tokens, [Key("-")], in: .tokens) {
    state, _ in
    state.zoomBench(by: -1)
    return []
  },
]

extension ExplorerState {
  fileprivate mutating func openBench() {
    uncover()
    bench.isOpen = true
  }

  /// Makes the squares a step larger or smaller, unless they are so already.
  fileprivate mutating func zoomBench(by step: Int) {
    openBench()
    let before = TokenPanel.square(self)
    bench.zoom += step
    if let before, let after = TokenPanel.square(self), before == after { bench.zoom -= step }
  }

  /// Moves the bench's cursor by rows and columns of its order, stopping at the edges.
  mutating func moveBench(_ dx: Int, _ dy: Int) {
    let order = bench.order(of: classes.names.count)
    func moved(_ classIndex: Int, by offset: Int) -> Int {
      let place = (order.firstIndex(of: classIndex) ?? 0) + offset
      return order[min(max(place, 0), order.count - 1)]
    }
    bench.pair = Confusion(
      truth: moved(bench.pair.truth, by: dy), prediction: moved(bench.pair.prediction, by: dx))
  }

  /// Opens the pixels of the bench's pair: those of the row's class that are predicted as the column's.
  mutating func openBenchPair() -> [ExplorerEffect] {
    let effects = startWalk(bench.pair, slot: benchParts[0].slot, isFromBench: true)
    if walk != nil { bench.isOpen = false }
    return effects
  }

  /// A click selects a pair of classes, a click on the selected one opens its pixels; the wheel goes from row to row.
  mutating func pointAtBench(_ mouse: MouseEvent, _ layout: Layout) -> [ExplorerEffect] {
    switch mouse.action {
    case .press(.left):
      guard
        let (pair, slot) = TokenPanel.pair(
          self, column: mouse.column, row: mouse.row, in: layout.panes[0])
      else { return [] }
      guard pair == bench.pair else {
        bench.pair = pair
        return []
      }
      let effects = startWalk(pair, slot: slot, isFromBench: true)
      if walk != nil { bench.isOpen = false }
      return effects
    case .wheelUp: moveBench(0, -1)
    case .wheelDown: moveBench(0, 1)
    default: break
    }
    return []
  }

  /// The bench as a figure; `nil` while there is nothing on it.
  func benchExport(path: String) -> ExportRequest? {
    let parts = benchParts
    let look: FigureLook = theme == .light ? .light : .dark
    let panels = parts.compactMap { part in
      part.chart.map { $0.panel(caption: part.titles[0], look: look) }
    }
    guard !panels.isEmpty else { return nil }
    let names = slots.map(\.name).joined(separator: "-").replacing("/", with: "-")
    return ExportRequest(
      path: path, name: names + ".tokens.png",
      sheet: FigureSheet(
        title: "class tokens: \(bench.measure.name), in hundredths", panels: panels,
        columns: panels.count, look: look))
  }
}

extension CaseIterable where Self: Equatable {
  /// The case after this one, the first after the last.
  fileprivate var next: Self {
    let all = Array(Self.allCases)
    return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
  }
}
