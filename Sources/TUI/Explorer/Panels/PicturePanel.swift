import Core
import Viz

/// The middle of the screen: one picture or two, with titles, divider, cursor and, when zoomed, a map of where one is.
enum PicturePanel {
  static func draw(
    _ state: ExplorerState, _ layout: Layout, _ rasters: PaneRasters, on grid: inout CellGrid
  ) {
    let slots = state.slots.count > 1 ? state.slots.count : 1
    switch state.comparison {
    case .sideBySide where slots > 1:
      for slot in 0..<2 {
        pane(state, slot: slot, in: layout.panes[slot], rasters, on: &grid)
      }
    case .wipe where slots > 1:
      pane(state, slot: 1, in: layout.panes[0], rasters, on: &grid)
      if let divider = layout.divider {
        let (left, _) = layout.panes[0].splitLeft(divider.x - layout.panes[0].x)
        pane(state, slot: 0, in: layout.panes[0], clippedTo: left, rasters, on: &grid)
      }
    case .blink where slots > 1:
      pane(state, slot: state.blinkPhase, in: layout.panes[0], rasters, on: &grid)
    default:
      pane(state, slot: state.actingSlot, in: layout.panes[0], rasters, on: &grid)
    }
    divider(state, layout, on: &grid)
  }

  /// A pane's title and picture; `clip` lets a wiped pane show a part only.
  private static func pane(
    _ state: ExplorerState, slot: Int, in rect: Rect, clippedTo clip: Rect? = nil,
    _ rasters: PaneRasters, on grid: inout CellGrid
  ) {
    let clip = clip ?? rect
    title(state, slot: slot, in: clip, on: &grid)
    guard !rect.isEmpty, !clip.isEmpty else { return }
    guard let raster = rasters.raster(state, slot: slot) else {
      let text =
        state.shown.failure == nil
        ? (state.gallery.current == nil ? "no images" : "…") : "cannot be shown"
      let place = rect.centred(width: text.count, height: 1)
      grid.write(text, x: place.x, y: place.y, width: place.width, TextStyle(state.theme.faint))
      return
    }
    let placement = state.viewport.placement(
      width: raster.width, height: raster.height, columns: rect.width, rows: rect.height)
    let cells = rasters.cells(state, slot: slot, of: raster, at: placement)
    let origin = (
      rect.x + (rect.width - placement.columns) / 2, rect.y + (rect.height - placement.rows) / 2
    )
    grid.draw(cells, x: origin.0, y: origin.1, clippedTo: clip)
    cursor(state, placement, origin, clip, on: &grid)
    if state.viewport.isZoomed && state.features.showsBlocks && rect.width >= 40
      && rect.height >= 12
    {
      minimap(state, raster, placement, in: rect, clip, on: &grid)
    }
  }

  private static func title(
    _ state: ExplorerState, slot: Int, in rect: Rect, on grid: inout CellGrid
  ) {
    let theme = state.theme
    let hasFocus = state.focus == .picture && slot == state.actingSlot
    var text = state.caption(of: slot)
    if state.viewport.isZoomed { text += " · ×\(state.viewport.zoom.formatted(decimals: 1))" }
    grid.write(
      " \(text)", x: rect.x, y: rect.y - 1, width: rect.width,
      TextStyle(hasFocus ? theme.accent : theme.faint, on: nil, hasFocus ? .bold : []))
  }

  private static func divider(_ state: ExplorerState, _ layout: Layout, on grid: inout CellGrid) {
    // A stacked pane's title stands in the divider's line, so there is nothing to draw there.
    guard let divider = layout.divider, divider.width == 1 else { return }
    for y in divider.y..<divider.maxY {
      grid.write("┃", x: divider.x, y: y, width: 1, TextStyle(state.theme.frame))
    }
  }

  /// The cursor as a cross that lets the picture's colour show through.
  private static func cursor(
    _ state: ExplorerState, _ placement: Viewport.Placement, _ origin: (Int, Int), _ clip: Rect,
    on grid: inout CellGrid
  ) {
    guard let point = state.cursor, let cell = placement.cell(x: point.x, y: point.y) else {
      return
    }
    let (x, y) = (origin.0 + cell.column, origin.1 + cell.row)
    guard clip.contains(column: x, row: y), x < grid.width, y < grid.height else { return }
    let under = grid[x, y].background ?? grid[x, y].foreground ?? RGB(0, 0, 0)
    let isBright = Int(under.red) * 3 + Int(under.green) * 6 + Int(under.blue) > 1300
    grid[x, y] = Cell(
      "┼", foreground: isBright ? RGB(0, 0, 0) : RGB(255, 255, 255), background: under, style: .bold
    )
  }

  /// The whole picture in small at the lower right, with what is visible left bright.
  private static func minimap(
    _ state: ExplorerState, _ raster: Picture, _ placement: Viewport.Placement, in rect: Rect,
    _ clip: Rect,
    on grid: inout CellGrid
  ) {
    let size = CellGrid.fitting(
      width: raster.width, height: raster.height, columns: min(24, rect.width / 4),
      rows: rect.height / 3)
    let whole = Viewport().placement(
      width: raster.width, height: raster.height, columns: size.columns, rows: size.rows)
    var map = raster.cells(whole, .half)
    for y in 0..<map.height {
      for x in 0..<map.width {
        let (px, py) = whole.pixel(column: x, row: y)
        let isVisible =
          placement.x..<(placement.x + placement.width) ~= px
          && placement.y..<(placement.y + placement.height) ~= py
        if !isVisible { map[x, y] = map[x, y].darkened }
      }
    }
    map = map.suited(to: state)
    grid.draw(map, x: rect.maxX - map.width - 1, y: rect.maxY - map.height, clippedTo: clip)
  }
}

extension Cell {
  /// The cell at a third of its samples.
  fileprivate var darkened: Cell {
    func dark(_ colour: RGB?) -> RGB? {
      colour.map { RGB($0.red / 3, $0.green / 3, $0.blue / 3) }
    }
    return Cell(glyph, foreground: dark(foreground), background: dark(background), style: style)
  }
}

extension Picture {
  /// The part of the picture that a placement shows, in cells.
  func cells(_ placement: Viewport.Placement, _ glyphs: GlyphSet) -> CellGrid {
    cells(glyphs, columns: placement.columns, rows: placement.rows, crop: placement.crop)
  }
}

extension Viewport.Placement {
  /// The region in the picture's pixels.
  var crop: Crop { Crop(x: x, y: y, width: width, height: height) }
}
