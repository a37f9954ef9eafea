/// Which part of a picture a pane shows: kept as shares of the picture, so that it means the same in every image.
struct Viewport: Sendable, Equatable {
  /// 1 shows the whole picture; 2 half of each side.
  private(set) var zoom: Double
  /// The centre as shares of the picture's sides, in [0, 1].
  private(set) var centreX = 0.5, centreY = 0.5

  /// The largest magnification: a pixel becomes at most a few cells.
  static let zooms = 1.0...64.0

  /// A view of the whole picture, or of the part that the zoom leaves around a centre.
  init(zoom: Double = 1, centreX: Double = 0.5, centreY: Double = 0.5) {
    self.zoom = min(max(zoom, Self.zooms.lowerBound), Self.zooms.upperBound)
    centre(x: centreX, y: centreY)
  }

  /// A region of a picture, in pixels, and the size in cells that it is drawn at.
  struct Placement: Equatable {
    var x, y, width, height: Double
    var columns, rows: Int
  }

  /// Whether a part of the picture is out of sight.
  var isZoomed: Bool { zoom > 1 }

  /// Multiplies the zoom and keeps the point at (`x`, `y`), shares of the picture, in its place.
  mutating func zoom(by factor: Double, aboutX x: Double = 0.5, y: Double = 0.5) {
    let before = zoom
    zoom = min(max(zoom * factor, Self.zooms.lowerBound), Self.zooms.upperBound)
    let moved = 1 - before / zoom
    centreX += (x - centreX) * moved
    centreY += (y - centreY) * moved
    clamp()
  }

  /// Moves the view by shares of what is visible.
  mutating func pan(x: Double, y: Double) {
    centreX += x / zoom
    centreY += y / zoom
    clamp()
  }

  /// Puts the point (`x`, `y`), shares of the picture, into the middle.
  mutating func centre(x: Double, y: Double) {
    centreX = x
    centreY = y
    clamp()
  }

  /// Shows the whole picture again.
  mutating func reset() { self = Viewport() }

  private mutating func clamp() {
    let half = 0.5 / zoom
    centreX = min(max(centreX, half), 1 - half)
    centreY = min(max(centreY, half), 1 - half)
  }

  /// What of a `width` × `height` picture is drawn in `columns` × `rows` cells, each twice as high as wide.
  ///
  /// The picture keeps its proportions; when zoomed it fills the pane where it can.
  func placement(width: Int, height: Int, columns: Int, rows: Int) -> Placement {
    let (w, h) = (Double(width), Double(height))
    let (columns, rows) = (max(1, columns), max(1, rows))
    let fit = min(Double(columns) / w, 2 * Double(rows) / h)
    let cellsPerPixel = fit * zoom
    let visibleWidth = min(w, Double(columns) / cellsPerPixel)
    let visibleHeight = min(h, 2 * Double(rows) / cellsPerPixel)
    let x = min(max(centreX * w - visibleWidth / 2, 0), w - visibleWidth)
    let y = min(max(centreY * h - visibleHeight / 2, 0), h - visibleHeight)
    return Placement(
      x: x, y: y, width: visibleWidth, height: visibleHeight,
      columns: min(columns, max(1, Int((visibleWidth * cellsPerPixel).rounded()))),
      rows: min(rows, max(1, Int((visibleHeight * cellsPerPixel / 2).rounded()))))
  }
}

extension Viewport.Placement {
  /// The pixel under a cell of the drawn region.
  func pixel(column: Int, row: Int) -> (x: Double, y: Double) {
    (
      x + (Double(column) + 0.5) / Double(columns) * width,
      y + (Double(row) + 0.5) / Double(rows) * height
    )
  }

  /// The cell that holds a pixel, `nil` where it is out of sight.
  func cell(x pixelX: Int, y pixelY: Int) -> (column: Int, row: Int)? {
    let column = Int((Double(pixelX) + 0.5 - x) / width * Double(columns))
    let row = Int((Double(pixelY) + 0.5 - y) / height * Double(rows))
    guard Double(pixelX) + 0.5 >= x, Double(pixelY) + 0.5 >= y, column < columns, row < rows else {
      return nil
    }
    return (column, row)
  }
}
