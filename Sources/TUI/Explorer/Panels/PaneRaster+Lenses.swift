import Core
import Viz

/// The rasters of lenses: what features and the teacher say.
extension PaneRasters {
  /// What the rasters of lenses depend on besides what all depend on.
  struct LensKey: Equatable {
    let similarity: SimilarityLens?
    let cursor: ExplorerState.PixelPoint?
    let colours: HeatColours
    let extras: Answer.Extras
    let hasTokens, hasTeacher: Bool
    let features: FeatureKey?

    init(_ state: ExplorerState, pane: Int) {
      let slot = state.slot(of: pane)
      let isSimilarity = state.views[pane] == .similarity
      similarity = isSimilarity ? state.similarity : nil
      cursor = isSimilarity && state.similarity.probe == .cursor ? state.cursor : nil
      colours = state.heatColours
      extras = state.answer(of: pane)?.extras ?? []
      hasTokens = state.tokens.indices.contains(slot) && state.tokens[slot] != nil
      features = FeatureKey(state, pane: pane)
      hasTeacher = state.shown.teacher(of: slot) != nil
    }
  }

  /// The raster of a lens; the picture alone while what it needs is not there.
  static func lens(
    _ state: ExplorerState, _ picture: Picture, _ answer: Answer, pane: Int, colours: [RGB?]
  ) -> Picture {
    let slot = state.slot(of: pane)
    switch state.views[pane] {
    case .similarity:
      guard let cosines = state.cosines(of: pane), let features = answer.features else {
        return picture
      }
      let values = cosines.resized(
        in: features.frame, width: picture.width, height: picture.height, threads: Threads(1))
      var heat = Picture.heatmap(
        values, over: ValueRange(around: cosines.values), width: picture.width,
        height: picture.height, state.heatColours.map(own: .viridis))
      if state.similarity.probe == .region, let region = state.similarity.region {
        heat = heat.outlined(region, thickness: max(1, heat.width / 250))
      }
      return heat
    case .nearest:
      guard let nearest = answer.nearest else { return picture }
      return picture.marking(nearest, whereTheyDifferFrom: answer.labels, palette: colours)
    case .teacher:
      guard let teacher = state.shown.teacher(of: slot) else { return picture }
      return picture.overlaid(with: teacher.labels, palette: colours, opacity: state.opacity)
    case .disagreement:
      guard let teacher = state.shown.teacher(of: slot) else { return picture }
      return picture.marking(answer.labels, whereTheyDifferFrom: teacher.labels, palette: colours)
    case .divergence:
      guard let divergence = answer.divergence else { return picture }
      return Picture.heatmap(
        divergence, over: ValueRange(upToMostOf: divergence), width: picture.width,
        height: picture.height, state.heatColours.map(own: .magma))
    case .split:
      guard let truth = state.truth, let teacher = state.shown.teacher(of: slot) else {
        return picture
      }
      return picture.judged(
        Judgement.split(
          teacher: teacher.labels, student: answer.labels, truth: truth,
          classes: state.classes.names.count), state.classes.scheme)
    case .features: return features(state, picture, pane: pane)
    case .attention: return attention(state, picture, pane: pane)
    case .mask, .probability: return chosenClass(state, picture, pane: pane)
    default: return picture
    }
  }
}

extension ExplorerState {
  /// The cosines of a pane's features with its probe, on the network's grid; `nil` while either is missing.
  func cosines(of pane: Int) -> Tensor? {
    guard let probe = probe(of: pane), let features = answer(of: pane)?.features else { return nil }
    return features.cosines(with: probe, threads: Threads(1))
  }
}
