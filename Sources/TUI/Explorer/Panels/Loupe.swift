import Core
import Viz

/// A magnifier beside the cursor: its surroundings pixel by pixel, eight times as large as the pane shows them.
enum Loupe {
  /// How much larger than in the pane, where whole cells allow it.
  static let magnification = 8.0
  /// So many pixels are shown to a side at least, at whatever size that leaves them.
  static let fewestPixels = 7
  /// The largest frame, in cells.
  static let largest = (columns: 37, rows: 19)

  /// Where the frame stands and which pixels it shows.
  struct Place: Equatable {
    let frame: Rect
    /// A pixel's side in columns, which is as many half rows.
    let side: Int
    /// The pixels shown: the corner and how many.
    let x, y, across, down: Int

    /// The pixels shown, as a part of the picture.
    var crop: Crop {
      Crop(x: Double(x), y: Double(y), width: Double(across), height: Double(down))
    }

    /// The pixels shown, each a square of one colour.
    func magnified(_ picture: Picture) -> Picture {
      var magnified = Picture(width: side * across, height: side * down)
      for row in 0..<magnified.height {
        for column in 0..<magnified.width {
          magnified[column, row] = picture[x + column / side, y + row / side]
        }
      }
      return magnified
    }
  }

  /// The place of a loupe at `cursor`, which the pane draws in cell (`column`, `row`) of the screen.
  ///
  /// It is beside that column, never over it; `nil` where the pane is too small.
  static func place(
    _ cursor: ExplorerState.PixelPoint, column: Int, row: Int, in pane: Rect,
    _ placement: Viewport.Placement, width: Int, height: Int
  ) -> Place? {
    let columnsAPixel = Double(placement.columns) / placement.width
    let room = (
      columns: min(largest.columns, (pane.width - 5) / 2) - 2,
      halfRows: 2 * (min(largest.rows, pane.height) - 2)
    )
    guard room.columns >= 5, room.halfRows >= 4 else { return nil }
    let wanted = Int((magnification * columnsAPixel).rounded())
    let side = max(
      1, min(wanted, room.columns / fewestPixels, room.halfRows / fewestPixels))
    let across = min(room.columns / side, width)
    // A last half row that has no other half is left out.
    var down = min(room.halfRows / side, height)
    if side * down % 2 != 0 { down -= 1 }
    guard across > 0, down > 0 else { return nil }
    let size = (columns: side * across + 2, rows: side * down / 2 + 2)
    let right = column + 3
    return Place(
      frame: Rect(
        x: right + size.columns <= pane.maxX ? right : max(pane.x, column - 2 - size.columns),
        y: min(max(row - size.rows / 2, pane.y), pane.maxY - size.rows), width: size.columns,
        height: size.rows),
      side: side, x: min(max(cursor.x - across / 2, 0), width - across),
      y: min(max(cursor.y - down / 2, 0), height - down), across: across, down: down)
  }

  /// Draws the frame over the pane, with ticks in its edges that cross at the cursor's pixel.
  static func draw(
    _ cells: CellGrid, at place: Place, _ cursor: ExplorerState.PixelPoint,
    times magnification: Double, _ theme: Theme, on grid: inout CellGrid
  ) {
    let frame = place.frame
    let style = TextStyle(theme.accent, on: theme.bar)
    grid.frame(
      frame, title: "×\(magnification.formatted(decimals: 0))", style,
      titleStyle: TextStyle(theme.text, on: theme.bar, .bold))
    let inner = frame.inset(1)
    grid.draw(cells, x: inner.x, y: inner.y, clippedTo: inner)
    let x = inner.x + (cursor.x - place.x) * place.side + place.side / 2
    let y = inner.y + ((cursor.y - place.y) * place.side + place.side / 2) / 2
    let tick = TextStyle(theme.text, on: theme.bar, .bold)
    grid.write("┬", x: x, y: frame.y, width: 1, tick)
    grid.write("┴", x: x, y: frame.maxY - 1, width: 1, tick)
    grid.write("├", x: frame.x, y: y, width: 1, tick)
    grid.write("┤", x: frame.maxX - 1, y: y, width: 1, tick)
  }
}
