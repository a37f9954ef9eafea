import Viz

/// A frame: the whole screen as a grid of cells, from the state alone.
enum ExplorerScreen {
  static func draw(_ state: ExplorerState, _ rasters: PaneRasters) -> CellGrid {
    var grid = CellGrid(width: state.columns, height: state.rows)
    if Layout.isTooSmall(state) {
      let text = "too small"
      grid.write(
        text, x: max(0, (state.columns - text.count) / 2), y: state.rows / 2, width: state.columns,
        TextStyle(state.theme.warning))
      return grid
    }
    let layout = Layout(state)
    if state.bench.isOpen {
      TokenPanel.draw(state, in: layout.panes[0], on: &grid)
    } else if state.confusion != nil {
      ConfusionPanel.draw(state, in: layout.panes[0], on: &grid)
    } else if state.scatter.isOpen {
      ScatterPanel.draw(state, in: layout.panes[0], on: &grid)
    } else if state.isGridOpen {
      ThumbnailGrid.draw(state, in: layout.panes[0], on: &grid)
    } else {
      PicturePanel.draw(state, layout, rasters, on: &grid)
    }
    HeaderPanel.draw(state, in: layout.header, on: &grid)
    ListPanel.draw(state, in: layout.list, on: &grid)
    if state.whatIf.isOpen && !state.isCovered {
      WhatIfPanel.draw(state, in: layout.classes, on: &grid)
    } else {
      ClassesPanel.draw(state, in: layout.classes, on: &grid)
    }
    InspectorLine.draw(state, in: layout.inspector, on: &grid)
    HintLine.draw(state, in: layout.hints, on: &grid)
    DialogPanel.draw(state, layout, on: &grid)
    return grid
  }
}
