import Core
import Viz

/// The middle of the screen: one picture or two, with titles, divider, cursor and, when zoomed, a map of where one is.
enum PicturePanel {
  /// A pane on the screen: its picture is fitted to `rect`, of which `clip` is seen.
  private struct Sheet {
    let pane: Int
    let rect, clip, legend: Rect
  }

  static func draw(
    _ state: ExplorerState, _ layout: Layout, _ rasters: PaneRasters, on grid: inout CellGrid
  ) {
    let sheets = sheets(state, layout)
    for sheet in sheets { draw(sheet, state, rasters, on: &grid) }
    divider(state, layout, on: &grid)
    for sheet in sheets {
      if state.isLoupeOpen { loupe(sheet, state, rasters, on: &grid) }
      rasters.legend(state, slot: sheet.pane)?.draw(state.theme, in: sheet.legend, on: &grid)
    }
  }

  private static func sheets(_ state: ExplorerState, _ layout: Layout) -> [Sheet] {
    func whole(_ pane: Int, at place: Int) -> Sheet {
      Sheet(
        pane: pane, rect: layout.panes[place], clip: layout.panes[place],
        legend: layout.legends[place])
    }
    switch state.comparison {
    case .single: return [whole(state.focusedPane, at: 0)]
    case .blink: return [whole(state.blinkPhase, at: 0)]
    case .sideBySide: return [whole(0, at: 0), whole(1, at: 1)]
    case .wipe:
      let (rect, legend) = (layout.panes[0], layout.legends[0])
      let columns = layout.divider.map { $0.x - rect.x } ?? rect.width
      let ((left, right), (leftLegend, rightLegend)) = (
        rect.splitLeft(columns), legend.splitLeft(columns)
      )
      return [
        Sheet(pane: 0, rect: rect, clip: left, legend: leftLegend),
        Sheet(
          pane: 1, rect: rect, clip: right.splitLeft(1).1, legend: rightLegend.splitLeft(1).1),
      ]
    }
  }

  /// Where a pane's legend stands; `nil` while the pane is not seen.
  static func legendRect(_ state: ExplorerState, pane: Int, _ layout: Layout) -> Rect? {
    sheets(state, layout).first { $0.pane == pane }?.legend
  }

  /// A pane's title and picture.
  private static func draw(
    _ sheet: Sheet, _ state: ExplorerState, _ rasters: PaneRasters, on grid: inout CellGrid
  ) {
    let (rect, clip) = (sheet.rect, sheet.clip)
    title(state, pane: sheet.pane, in: clip, on: &grid)
    guard !rect.isEmpty, !clip.isEmpty else { return }
    guard let raster = rasters.raster(state, slot: sheet.pane) else {
      let text =
        state.shown.failure == nil
        ? (state.gallery.current == nil ? "no images" : "…") : "cannot be shown"
      let place = clip.centred(width: text.count, height: 1)
      grid.write(text, x: place.x, y: place.y, width: place.width, TextStyle(state.theme.faint))
      return
    }
    let placement = state.viewport.placement(
      width: raster.width, height: raster.height, columns: rect.width, rows: rect.height)
    let cells = rasters.cells(state, slot: sheet.pane, of: raster, at: placement)
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

  /// The magnifier, in the pane's view, if the cursor is in the part of the pane that is seen.
  private static func loupe(
    _ sheet: Sheet, _ state: ExplorerState, _ rasters: PaneRasters, on grid: inout CellGrid
  ) {
    guard let cursor = state.cursor, let raster = rasters.raster(state, slot: sheet.pane) else {
      return
    }
    let rect = sheet.rect
    let placement = state.viewport.placement(
      width: raster.width, height: raster.height, columns: rect.width, rows: rect.height)
    guard let cell = placement.cell(x: cursor.x, y: cursor.y) else { return }
    let column = rect.x + (rect.width - placement.columns) / 2 + cell.column
    let row = rect.y + (rect.height - placement.rows) / 2 + cell.row
    guard sheet.clip.contains(column: column, row: row),
      let place = Loupe.place(
        cursor, column: column, row: row, in: rect, placement, width: raster.width,
        height: raster.height)
    else { return }
    let times = Double(place.side) * placement.width / Double(placement.columns)
    let size = place.frame.inset(1)
    let cells: CellGrid
    if state.glyphs.splits.isEmpty, let labels = rasters.labels(state, slot: sheet.pane) {
      cells = labels.cells(
        state.glyphs, palette: state.classes.palette, letters: rasters.letters(state.classes),
        columns: size.width, rows: size.height, crop: place.crop)
    } else {
      cells = place.magnified(raster).cells(
        state.glyphs.splits.isEmpty ? state.glyphs : .half, columns: size.width,
        rows: size.height
      ).suited(to: state)
    }
    Loupe.draw(cells, at: place, cursor, times: times, state.theme, on: &grid)
  }

  private static func title(
    _ state: ExplorerState, pane: Int, in rect: Rect, on grid: inout CellGrid
  ) {
    let theme = state.theme
    let hasFocus = state.focus == .picture && pane == state.focusedPane
    let captions = state.captions(of: pane)
    let zoom =
      state.viewport.isZoomed ? " · ×\(state.viewport.zoom.formatted(decimals: 1))" : ""
    let fitting = captions.first { $0.count + zoom.count < rect.width }
    let text = (fitting ?? captions[captions.count - 1]) + zoom
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
