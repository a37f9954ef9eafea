import Viz

extension CellGrid {
  /// Cells of a picture in the colours that the screen and the line to it have.
  ///
  /// With few colours they are dithered, on slow lines rounded. Label maps are not to pass here: their colours mean
  /// classes, and each is shown by the nearest the screen has.
  func suited(to state: ExplorerState) -> CellGrid {
    state.features.depth == .trueColour
      ? state.colourBits < 8 ? rounded(bits: state.colourBits) : self
      : matched(to: state.features.depth)
  }
}
