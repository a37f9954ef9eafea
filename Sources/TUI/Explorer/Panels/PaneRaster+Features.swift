import Core
import Viz

extension PaneRasters {
  /// What the rasters of features and attention depend on besides.
  struct FeatureKey: Equatable {
    let lens: FeatureLens
    let cursor: ExplorerState.PixelPoint?
    let maps: Int

    init?(_ state: ExplorerState, pane: Int) {
      guard [.features, .attention].contains(state.views[pane]) else { return nil }
      lens = state.featureLens
      cursor = state.views[pane] == .attention ? state.cursor : nil
      // The teacher's layer may come after the student's answer.
      maps = state.shown.teacher(of: state.slot(of: pane))?.attention.count ?? 0
    }
  }

  /// The first three components of the features as red, green and blue.
  static func features(_ state: ExplorerState, _ picture: Picture, pane: Int) -> Picture {
    guard let map = state.answer(of: pane)?.features, let components = state.components(of: pane)
    else { return picture }
    return Picture.components(
      components.pixels(of: map, threads: Threads(1)), width: map.width, height: map.height)
  }

  /// Where the attention looks from the cursor.
  static func attention(_ state: ExplorerState, _ picture: Picture, pane: Int) -> Picture {
    guard let reading = state.attentionReading(of: pane) else { return picture }
    // Two columns of the screen at least, so that a line is seen.
    let columns = Double(max(1, Layout(state).panes[0].width)) * state.viewport.zoom
    let thickness = max(
      reading.map.bandThickness, Int((1.5 * Double(picture.width) / columns).rounded()))
    return picture.lit(
      by: reading.map.pixels(
        reading.weights, of: reading.cell, thickness: thickness, threads: Threads(1)),
      state.heatColours.map(own: .viridis))
  }
}

extension PaneLegend {
  /// How much of the variance each colour shows.
  static func features(_ state: ExplorerState, pane: Int) -> PaneLegend {
    guard let components = state.components(of: pane) else {
      return .nothing("features are being worked out")
    }
    let colours = [
      ("red", RGB(224, 60, 60)), ("green", RGB(60, 180, 75)), ("blue", RGB(80, 110, 240)),
    ]
    let swatches = zip(colours, components.principal.shares).map { colour, share in
      let text = (100 * share).formatted(decimals: 1) + " %"
      return Swatch(
        colour: colour.1, forms: ["\(colour.0) \(text)", "\(colour.0) \(text)", text])
    }
    let fit =
      state.featureLens.held.map { "components of \($0.image)" } ?? "this image's components"
    return .swatches(
      swatches + [Swatch(colour: nil, forms: ["of the variance · \(fit)", fit, ""])])
  }

  /// What the brightest colour is worth, and over how many cells the weight is spread.
  static func attention(_ state: ExplorerState, pane: Int) -> PaneLegend {
    guard let reading = state.attentionReading(of: pane) else {
      let layers = state.slots[state.slot(of: pane)].attentionLayers
      return .nothing(
        layers.isEmpty ? "the model has no attention" : "attention is being worked out")
    }
    let (map, shape) = (reading.map, reading.map.input.shape)
    let largest = map.peak(reading.weights)
    let peak = "largest \(largest.formatted(decimals: 3))"
    let spread = reading.weights.perplexities.map { $0.formatted(decimals: 0) }
    let cells =
      spread.count == 2
      ? "over about \(spread[0]) of \(shape.w) columns, \(spread[1]) of \(shape.h) rows"
      : "over about \(spread[0]) of \(shape.w * shape.h) cells"
    let heads =
      reading.head.map { "head \($0 + 1) of \(map.heads)" }
      ?? (map.heads > 1 ? "mean of \(map.heads) heads" : "one head")
    return .scale(
      state.heatColours.map(own: .viridis),
      ValueRange(low: 0, high: Float(max(largest, 1e-6))), slider: nil,
      note: ["\(peak) · \(heads) · \(cells)", "\(peak) · \(heads)", peak])
  }
}
