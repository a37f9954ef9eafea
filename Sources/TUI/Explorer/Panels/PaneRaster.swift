import Core
import Viz

/// The picture that a pane shows, at the source's full size; zoom and cells come after.
///
/// Rasters, their cells and legends are remembered while nothing that they depend on changes: moving and zooming costs only the
/// cells, and a frame in which the picture stays as it was costs none of them.
final class PaneRasters {
  private var knownLetters: (names: [String], letters: [Character])?
  private var remembered: [Int: (key: Key, raster: Picture)] = [:]
  private var rememberedCells: [Int: (key: CellsKey, cells: CellGrid)] = [:]
  private var rememberedLegends: [Int: (key: Key, legend: PaneLegend?)] = [:]

  /// Everything that a raster and its legend depend on.
  private struct Key: Equatable {
    let entry, slot: Int
    let revisions: [Int]
    let view: PaneView
    let stride: Int?
    let opacity, threshold: Double
    let classPanel: ClassPanelState
    let hasTruth: Bool
    let otherStride: Int?
    let scheme: ColourScheme
    let contourThickness: Int?
    let blob: Blob?
    let alteration: Alteration
    let reinference: Reinference?
    let lens: LensKey?
    let edits: [Int]
  }

  /// Everything that the cells of a raster depend on.
  private struct CellsKey: Equatable {
    let raster: Key
    let placement: Viewport.Placement
    let glyphs: GlyphSet
    let depth: ColourDepth
    let colourBits: Int
    let highlighted: Int?
  }

  /// The cells of a slot's pane at a placement of its raster.
  func cells(
    _ state: ExplorerState, slot: Int, of raster: Picture, at placement: Viewport.Placement
  ) -> CellGrid {
    let key = remembered[slot].map {
      CellsKey(
        raster: $0.key, placement: placement, glyphs: state.glyphs, depth: state.features.depth,
        colourBits: state.colourBits, highlighted: state.highlightedClass(in: slot))
    }
    if let key, let found = rememberedCells[slot], found.key == key { return found.cells }
    let labels = labels(state, slot: slot)
    var cells =
      labels.map {
        $0.cells(
          state.glyphs, palette: state.classes.palette, letters: letters(state.classes),
          columns: placement.columns, rows: placement.rows, crop: placement.crop)
      } ?? raster.cells(placement, state.glyphs)
    if let k = state.highlightedClass(in: slot), let regions = regions(state, slot: slot) {
      Spotlight.shine(on: k, of: regions, placement, &cells) { crop in
        if let labels { return labels.halves(crop, state.classes.palette) }
        let halves = raster.scaled(crop, width: 1, height: 2)
        return (halves[0, 0], halves[0, 1])
      }
    }
    if labels == nil { cells = cells.suited(to: state) }
    rememberedCells[slot] = key.map { ($0, cells) }
    return cells
  }

  /// The raster of a slot's pane; `nil` while what it shows is not there yet.
  func raster(_ state: ExplorerState, slot: Int) -> Picture? {
    guard let picture = state.shown.picture else { return nil }
    let key = Self.key(state, picture, slot: slot)
    if let found = remembered[slot], found.key == key { return found.raster }
    let raster = Self.make(
      state, state.views[slot], picture, state.answer(of: slot), Self.otherAnswer(state, slot),
      isFirst: slot == 0)
    remembered[slot] = raster.map { (key, $0) }
    return raster
  }

  /// What the colours of a slot's pane mean: what it counts in the whole picture is counted once, not at every frame.
  func legend(_ state: ExplorerState, slot: Int) -> PaneLegend? {
    guard let picture = state.shown.picture else { return PaneLegend(state, pane: slot) }
    let key = Self.key(state, picture, slot: slot)
    if let found = rememberedLegends[slot], found.key == key { return found.legend }
    let legend = PaneLegend(state, pane: slot)
    rememberedLegends[slot] = (key, legend)
    return legend
  }

  private static func key(_ state: ExplorerState, _ picture: Picture, slot: Int) -> Key {
    let view = state.views[slot]
    return Key(
      entry: state.shown.entry, slot: slot, revisions: state.shown.revisions, view: view,
      stride: state.answer(of: slot)?.outputStride, opacity: state.opacity,
      threshold: state.threshold, classPanel: state.classPanel, hasTruth: state.truth != nil,
      otherStride: otherAnswer(state, slot)?.outputStride, scheme: state.classes.scheme,
      contourThickness: view == .contours || state.walk?.blob != nil || state.reinference != nil
        ? contourThickness(state, picture) : nil,
      blob: state.walk?.blob, alteration: state.shown.alteration, reinference: state.reinference,
      lens: view.key == nil || view == .confidence || view == .entropy
        ? LensKey(state, pane: slot) : nil,
      edits: state.editNumbers)
  }

  /// The other model's answer, where there are two.
  private static func otherAnswer(_ state: ExplorerState, _ slot: Int) -> Answer? {
    state.slots.count > 1 ? state.answer(of: 1 - slot) : nil
  }

  /// The label map that a pane shows as it is, so that its colours stay the palette's and letters can stand for classes.
  ///
  /// `nil` where the pane shows a picture: other views, and classes that are hidden.
  func labels(_ state: ExplorerState, slot: Int) -> LabelMap? {
    let isPlain =
      state.classPanel.hidden.isEmpty && state.classPanel.solo == nil && state.walk?.blob == nil
      && state.reinference == nil
    switch state.views[slot] {
    case .truth where isPlain: return state.truth
    case .prediction where isPlain: return state.answer(of: slot)?.labels
    case .overlay, .prediction, .contours:
      return state.glyphs == .letters ? state.answer(of: slot)?.labels : nil
    default: return nil
    }
  }

  /// The label map whose regions a pane highlights: the one that it shows.
  private func regions(_ state: ExplorerState, slot: Int) -> LabelMap? {
    if state.views[slot] == .truth, let truth = state.truth { return truth }
    return state.answer(of: slot)?.labels
  }

  /// A letter for each class.
  func letters(_ classes: ClassList) -> [Character] {
    if let known = knownLetters, known.names == classes.names { return known.letters }
    let letters = classLetters(classes.names)
    knownLetters = (classes.names, letters)
    return letters
  }

  /// How many pixels a contour takes on each side of a border: more than half a column of the screen.
  private static func contourThickness(_ state: ExplorerState, _ picture: Picture) -> Int {
    let columns = Double(max(1, Layout(state).panes[0].width)) * state.viewport.zoom
    return max(1, Int((0.7 * Double(picture.width) / columns).rounded()))
  }

  /// The raster of a view, with the outlines of the blob that one has stepped to and of what is predicted by itself.
  static func make(
    _ state: ExplorerState, _ view: PaneView, _ picture: Picture, _ answer: Answer?,
    _ other: Answer?, isFirst: Bool
  ) -> Picture? {
    let raster = plain(state, view, picture, answer, other, isFirst: isFirst)
    let framed = state.reinference.map { part in
      raster?.outlined(part.region, thickness: contourThickness(state, picture))
    }
    guard let blob = state.walk?.blob else { return framed ?? raster }
    return (framed ?? raster)?.outlined(blob.runs, thickness: contourThickness(state, picture))
  }

  /// The raster of a view; an image without the labels or the answer that the view needs is shown as it is.
  private static func plain(
    _ state: ExplorerState, _ view: PaneView, _ picture: Picture, _ answer: Answer?,
    _ other: Answer?, isFirst: Bool
  ) -> Picture? {
    let colours = state.classes.palette.indices.map { k in
      state.classPanel.isShown(k) ? state.classes.palette[k] : nil
    }
    let ignored = state.classes.ignoreIndex
    let scheme = state.classes.scheme
    switch (view, answer, state.truth) {
    case (.image, _, _): return picture
    case (.truth, _, let truth?):
      return picture.overlaid(with: truth, palette: colours, opacity: 1)
    case (.overlay, let answer?, _):
      return picture.overlaid(
        with: answer.labels, palette: colours, opacity: state.opacity)
    case (.prediction, let answer?, _):
      return picture.overlaid(with: answer.labels, palette: colours, opacity: 1)
    case (.errors, let answer?, let truth?):
      return picture.judged(
        Judgement.errors(answer.labels, truth: truth, ignoreIndex: ignored), scheme)
    case (.hits, let answer?, let truth?):
      return picture.judged(
        Judgement.hits(
          of: state.classPanel.selected, answer.labels, truth: truth, ignoreIndex: ignored),
        scheme)
    case (.difference, let answer?, let truth?):
      guard let other else { return picture }
      let (a, b) = isFirst ? (answer, other) : (other, answer)
      return picture.judged(
        Judgement.difference(a.labels, b.labels, truth: truth, ignoreIndex: ignored), scheme)
    case (.confidence, let answer?, _):
      guard let certainty = answer.certainty else { return picture }
      var heat = Picture.heatmap(
        certainty.confidence, width: certainty.width, height: certainty.height,
        state.heatColours.map(own: .viridis))
      heat.mark(certainty.confidence, below: Float(state.threshold), in: scheme.mark)
      return heat
    case (.entropy, let answer?, _):
      return answer.certainty.map {
        Picture.heatmap(
          $0.entropy, width: $0.width, height: $0.height, state.heatColours.map(own: .magma))
      } ?? picture
    case (.contours, let answer?, _):
      return picture.contoured(
        with: answer.labels, colours: colours, thickness: contourThickness(state, picture))
    case (_, let answer?, _):
      return lens(state, picture, answer, pane: isFirst ? 0 : 1, colours: colours)
    default: return picture
    }
  }
}
