extension Glyph {
  /// How much of each pixel is ink, in [0, 1], row by row, `scale` pixels a side for one drawn.
  ///
  /// Enlarged diagonals become lines of 45° instead of stairs: where two pixels of ink touch at a
  /// corner only, the paper on both sides of it is filled and the ink beyond it is cut, each by a
  /// triangle between the middles of the pixel's sides.
  func coverage(scale: Int) -> [Float] {
    let columns = width * scale
    var coverage = (0..<(columns * rows.count * scale)).map { pixel -> Float in
      hasInk(x: pixel % columns / scale, y: pixel / columns / scale) ? 1 : 0
    }
    guard scale > 1 else { return coverage }
    for y in rows.indices {
      for x in 0..<width {
        for corner in Corner.all {
          let change: Float
          if fills(corner, x: x, y: y) {
            change = 1
          } else if cuts(corner, x: x, y: y) {
            change = -1
          } else {
            continue
          }
          let left = corner.dx < 0 ? x * scale : (x + 1) * scale - 1
          let top = corner.dy < 0 ? y * scale : (y + 1) * scale - 1
          for j in 0..<scale {
            for i in 0..<scale {
              let pixel = (top - corner.dy * j) * columns + left - corner.dx * i
              coverage[pixel] += change * Self.areaBelowDiagonal(Float(scale) / 2 - Float(i + j))
            }
          }
        }
      }
    }
    return coverage
  }

  /// A corner of a pixel: the directions from the pixel's middle.
  private struct Corner {
    let dx, dy: Int

    static let all = [
      Corner(dx: -1, dy: -1), Corner(dx: 1, dy: -1), Corner(dx: -1, dy: 1), Corner(dx: 1, dy: 1),
    ]
  }

  /// Whether the pixel is paper in the angle of two pixels of ink that touch at this corner.
  private func fills(_ corner: Corner, x: Int, y: Int) -> Bool {
    !hasInk(x: x, y: y) && hasInk(x: x + corner.dx, y: y) && hasInk(x: x, y: y + corner.dy)
      && !hasInk(x: x + corner.dx, y: y + corner.dy)
  }

  /// Whether the pixel is ink that ends at this corner and touches a diagonal neighbour beside it.
  private func cuts(_ corner: Corner, x: Int, y: Int) -> Bool {
    func touches(dx: Int, dy: Int) -> Bool {
      hasInk(x: x + dx, y: y + dy) && !hasInk(x: x + dx, y: y) && !hasInk(x: x, y: y + dy)
    }
    return hasInk(x: x, y: y) && !hasInk(x: x + corner.dx, y: y)
      && !hasInk(x: x, y: y + corner.dy) && !hasInk(x: x + corner.dx, y: y + corner.dy)
      && (touches(dx: corner.dx, dy: -corner.dy) || touches(dx: -corner.dx, dy: corner.dy))
  }

  /// The part of the unit square where x + y is less than `sum`.
  private static func areaBelowDiagonal(_ sum: Float) -> Float {
    if sum <= 0 { return 0 }
    if sum >= 2 { return 1 }
    return sum <= 1 ? sum * sum / 2 : 1 - (2 - sum) * (2 - sum) / 2
  }
}
