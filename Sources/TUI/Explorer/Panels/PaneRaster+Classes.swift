import Core
import Viz

extension PaneRasters {
  /// A heat map of the class that is chosen in the panel; the picture alone while what it needs is not there.
  static func chosenClass(_ state: ExplorerState, _ picture: Picture, pane: Int) -> Picture {
    guard let values = state.valuesOfChosenClass(in: pane) else { return picture }
    return Picture.heatmap(
      values, over: ValueRange(low: 0, high: 1), width: picture.width, height: picture.height,
      state.heatColours.map(own: .viridis))
  }
}

extension ExplorerState {
  /// What a pane shows of the class that is chosen, in [0, 1], pixel by pixel; `nil` while it is not there.
  func valuesOfChosenClass(in pane: Int) -> [Float]? {
    guard let answer = answer(of: pane), let picture = shown.picture else { return nil }
    let k = classPanel.selected
    if views[pane] == .mask { return answer.masks?.mask(of: k, threads: Threads(1)) }
    return answer.logits?.probability(
      of: k, in: answer.frame, width: picture.width, height: picture.height, threads: Threads(1))
  }
}

extension PaneLegend {
  /// What the query of the chosen class takes its mask to be.
  static func mask(_ state: ExplorerState, _ answer: Answer) -> PaneLegend {
    guard let masks = answer.masks else { return .nothing("masks are being worked out") }
    let k = state.classPanel.selected
    let names = state.classes.names
    let shares = masks.classes(of: k).enumerated().sorted {
      ($1.element, $0.offset) < ($0.element, $1.offset)
    }
    let shows = shares.prefix(3).map { c, share in
      "\(c < names.count ? names[c] : "nothing") \((100 * Double(share)).formatted(decimals: 1)) %"
    }
    let query = "the query of \(names[k])"
    return .scale(
      state.heatColours.map(own: .viridis), slider: nil,
      note: [
        "where \(query) looks; it shows \(shows.joined(separator: ", "))",
        "shows \(shows.joined(separator: ", "))", "shows \(shows[0])", names[k],
      ])
  }

  /// How likely the chosen class is on the whole.
  static func probability(_ state: ExplorerState, pane: Int) -> PaneLegend {
    let name = state.classes.names[state.classPanel.selected]
    guard let values = state.valuesOfChosenClass(in: pane) else {
      return .nothing("label maps from files have no probabilities")
    }
    let mean = values.reduce(0) { $0 + Double($1) } / Double(max(1, values.count))
    let text = "mean \(mean.formatted(decimals: 3))"
    return .scale(
      state.heatColours.map(own: .viridis), slider: nil,
      note: ["probability of \(name), \(text)", "\(name), \(text)", name])
  }
}
