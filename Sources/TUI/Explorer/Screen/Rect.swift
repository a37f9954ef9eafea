/// A rectangle of cells.
struct Rect: Equatable, Sendable {
  var x, y, width, height: Int

  var maxX: Int { x + width }
  var maxY: Int { y + height }
  var isEmpty: Bool { width <= 0 || height <= 0 }

  func contains(column: Int, row: Int) -> Bool {
    x..<max(x, maxX) ~= column && y..<max(y, maxY) ~= row
  }

  /// The left `count` columns, and what remains.
  func splitLeft(_ count: Int) -> (Rect, Rect) {
    let count = min(max(0, count), width)
    return (
      Rect(x: x, y: y, width: count, height: height),
      Rect(x: x + count, y: y, width: width - count, height: height)
    )
  }

  /// The upper `count` rows, and what remains.
  func splitTop(_ count: Int) -> (Rect, Rect) {
    let count = min(max(0, count), height)
    return (
      Rect(x: x, y: y, width: width, height: count),
      Rect(x: x, y: y + count, width: width, height: height - count)
    )
  }

  /// The rectangle without a border of `count` cells.
  func inset(_ count: Int) -> Rect {
    Rect(x: x + count, y: y + count, width: width - 2 * count, height: height - 2 * count)
  }

  /// A rectangle of at most `width` × `height` in the middle of this one.
  func centred(width: Int, height: Int) -> Rect {
    let (w, h) = (min(width, self.width), min(height, self.height))
    return Rect(x: x + (self.width - w) / 2, y: y + (self.height - h) / 2, width: w, height: h)
  }
}
