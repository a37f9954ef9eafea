import Core
import Viz

/// The images as a sheet of small pictures, each with its name below.
enum ThumbnailGrid {
  /// The sizes of tiles in cells, the largest first, the name and a gap included.
  private static let tiles = [(60, 24), (48, 19), (38, 15), (26, 11)].map { Tile($0.0, $0.1) }

  /// Columns and rows of a tile.
  struct Tile: Equatable {
    let columns, rows: Int

    init(_ columns: Int, _ rows: Int) { (self.columns, self.rows) = (columns, rows) }
  }

  /// Thumbnails are kept at this many pixels a side at most: enough for a tile at two samples a cell and more.
  static let sidePixels = 160

  /// Which entries a screen shows, and in how many columns.
  struct Page: Equatable {
    /// The largest tile at which all images are in sight, or else the smallest.
    let tile: Tile
    let columns: Int
    let first: Int
    let entries: [Int]

    /// The page with the open entry, in whole rows.
    init(_ state: ExplorerState, in rect: Rect) {
      let count = state.gallery.listed.count
      let tile =
        tiles.first { (rect.width / $0.columns) * (rect.height / $0.rows) >= count }
        ?? tiles[tiles.count - 1]
      self.tile = tile
      columns = max(1, rect.width / tile.columns)
      let rows = max(1, rect.height / tile.rows)
      let place = state.gallery.position ?? 0
      let topRow = max(0, min(place / columns - rows / 2, (count - 1) / columns - rows + 1))
      first = topRow * columns
      entries = Array(state.gallery.listed[min(first, count)..<min(count, first + rows * columns)])
    }

    /// The place in the list of the tile under a cell of the screen.
    func place(column: Int, row: Int, in rect: Rect) -> Int? {
      let across = (column - rect.x) / tile.columns
      let place = (row - rect.y) / tile.rows * columns + across
      return rect.contains(column: column, row: row) && across < columns
        && entries.indices.contains(place) ? first + place : nil
    }
  }

  static func draw(_ state: ExplorerState, in rect: Rect, on grid: inout CellGrid) {
    let theme = state.theme
    let page = Page(state, in: rect)
    let tile = page.tile
    for (i, entry) in page.entries.enumerated() {
      let box = Rect(
        x: rect.x + i % page.columns * tile.columns, y: rect.y + i / page.columns * tile.rows,
        width: tile.columns - 2, height: tile.rows - 2)
      let isOpen = entry == state.gallery.selected
      if let picture = state.thumbnails[entry] {
        let placement = Viewport().placement(
          width: picture.width, height: picture.height, columns: box.width, rows: box.height)
        grid.draw(
          picture.cells(placement, state.glyphs).suited(to: state),
          x: box.x + 1 + (box.width - placement.columns) / 2,
          y: box.y + (box.height - placement.rows), clippedTo: rect)
      } else {
        let text = state.failedThumbnails.contains(entry) ? "cannot be read" : "…"
        let place = box.centred(width: text.count, height: 1)
        grid.write(text, x: place.x, y: place.y, width: place.width, TextStyle(theme.faint))
      }
      let name = state.gallery.entries[entry].name
      let mark = state.gallery.marks.contains(name) ? "★ " : ""
      let style =
        isOpen ? TextStyle(theme.selectedText, on: theme.selection, .bold) : TextStyle(theme.text)
      let label = Rect(x: box.x + 1, y: box.maxY, width: box.width, height: 1)
      if isOpen { grid.fill(label, theme.selection) }
      grid.write(mark + name, x: label.x, y: label.y, width: label.width, style)
    }
  }
}
