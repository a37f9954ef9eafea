import Core
import Viz

/// The images as a sheet of small pictures, each with its name below.
enum ThumbnailGrid {
  /// Size of a tile in cells, the name and a gap included.
  static let tile = (columns: 26, rows: 11)
  /// Thumbnails are kept at this many pixels a side at most: enough for a tile at two samples a cell and more.
  static let sidePixels = 160

  /// Which entries a screen shows, and in how many columns.
  struct Page: Equatable {
    let columns: Int
    let first: Int
    let entries: [Int]

    /// The page with the open entry, in whole rows.
    init(_ state: ExplorerState, in rect: Rect) {
      columns = max(1, rect.width / ThumbnailGrid.tile.columns)
      let rows = max(1, rect.height / ThumbnailGrid.tile.rows)
      let place = state.gallery.position ?? 0
      let count = state.gallery.listed.count
      let topRow = max(0, min(place / columns - rows / 2, (count - 1) / columns - rows + 1))
      first = topRow * columns
      entries = Array(state.gallery.listed[min(first, count)..<min(count, first + rows * columns)])
    }

    /// The place in the list of the tile under a cell of the screen.
    func place(column: Int, row: Int, in rect: Rect) -> Int? {
      let tile = (
        column: (column - rect.x) / ThumbnailGrid.tile.columns,
        row: (row - rect.y) / ThumbnailGrid.tile.rows
      )
      let place = tile.row * columns + tile.column
      return rect.contains(column: column, row: row) && tile.column < columns
        && entries.indices.contains(place) ? first + place : nil
    }
  }

  static func draw(_ state: ExplorerState, in rect: Rect, on grid: inout CellGrid) {
    let theme = state.theme
    let page = Page(state, in: rect)
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
