import Core

/// Points of some classes in a plane whose axes mean nothing by themselves, such as a layout of features.
///
/// Both axes have one scale, so that distances can be compared in all directions.
public struct ScatterChart: Sendable {
  /// The points of a class.
  public struct Series: Sendable {
    /// What they are.
    public var name: String
    /// Their colour.
    public var colour: RGB
    /// Where they stand; the second coordinate goes up.
    public var points: [SIMD2<Float>]

    /// A class from its points.
    public init(_ name: String, _ colour: RGB, _ points: [SIMD2<Float>]) {
      self.name = name
      self.colour = colour
      self.points = points
    }
  }

  /// The classes.
  public var series: [Series]

  /// A chart of classes.
  public init(_ series: [Series]) { self.series = series }

  /// Where a point of the plane stands among `width` × `height` dots, so that all points are in them.
  func placement(width: Int, height: Int) -> (SIMD2<Float>) -> SIMD2<Float> {
    let points = series.flatMap(\.points)
    let low = points.reduce(points.first ?? .zero) { pointwiseMin($0, $1) }
    let high = points.reduce(points.first ?? .zero) { pointwiseMax($0, $1) }
    let dots = SIMD2(Float(max(1, width - 1)), Float(max(1, height - 1)))
    let span = high - low
    let scale = min(
      span.x > 0 ? dots.x / span.x : .infinity, span.y > 0 ? dots.y / span.y : .infinity)
    let middle = (low + high) / 2
    return { point in
      let moved = scale.isFinite ? (point - middle) * scale : .zero
      return SIMD2(dots.x / 2 + moved.x, dots.y / 2 - moved.y)
    }
  }

  /// The points in braille, eight dots a cell, each cell in the colour of the class that has most points in it.
  ///
  /// - Parameter letters: one for each class, drawn in place of the dots where there are no colours.
  public func cells(columns: Int, rows: Int, letters: [Character]? = nil) -> CellGrid {
    var grid = CellGrid(width: columns, height: rows)
    guard columns > 0, rows > 0 else { return grid }
    let place = placement(width: 2 * columns, height: 4 * rows)
    var counts = [UInt32](repeating: 0, count: columns * rows * series.count)
    for (index, members) in series.enumerated() {
      for point in members.points {
        let dot = place(point)
        let (x, y) = (Int(dot.x + 0.5), Int(dot.y + 0.5))
        let cell = grid[x / 2, y / 4]
        grid[x / 2, y / 4] = Cell(
          Character(braille: cell.glyph.brailleDots | Braille.bit(column: x % 2, row: y % 4)))
        counts[(y / 4 * columns + x / 2) * series.count + index] += 1
      }
    }
    for y in 0..<rows {
      for x in 0..<columns where grid[x, y].glyph.brailleDots > 0 {
        let here = counts[((y * columns + x) * series.count)...].prefix(series.count)
        let most = here.max() ?? 0
        let index = (here.firstIndex(of: most) ?? here.startIndex) - here.startIndex
        grid[x, y].foreground = series[index].colour
        if let letters { grid[x, y].glyph = letters[index] }
      }
    }
    return grid
  }

  /// The names of the classes in as many rows as they need, after dots or their letters.
  public func names(columns: Int, letters: [Character]? = nil) -> CellGrid {
    let rows = LineChart.rows(ofNames: series.map { $0.name.count + 4 }, width: columns + 2)
    var grid = CellGrid(width: columns, height: rows.count)
    for (row, classes) in rows.enumerated() {
      var column = 0
      for index in classes {
        let members = series[index]
        if column < columns {
          grid[column, row] = Cell(letters?[index] ?? "●", foreground: members.colour)
        }
        grid.write(members.name, x: column + 2, y: row)
        column += members.name.count + 4
      }
    }
    return grid
  }

  /// The points as smoothed discs on a square of `side` pixels.
  ///
  /// The classes take turns, so that none lies over all of another.
  public func picture(side: Int, look: FigureLook = .light) -> Picture {
    var picture = Picture(width: side, height: side, filled: look.background)
    let radius = max(1.3, Float(side) / 360)
    let margin = Int(2 * radius) + 1
    let place = placement(width: side - 2 * margin, height: side - 2 * margin)
    let longest = series.map(\.points.count).max() ?? 0
    for turn in 0..<longest {
      for members in series where turn < members.points.count {
        let centre = place(members.points[turn]) + SIMD2(repeating: Float(margin))
        picture.draw(disc: centre, radius: radius, members.colour)
      }
    }
    return picture
  }
}

extension Picture {
  /// Draws a disc whose edge is smoothed; what lies under it shines through a little.
  fileprivate mutating func draw(disc centre: SIMD2<Float>, radius: Float, _ colour: RGB) {
    let reach = Int(radius + 1)
    let (x, y) = (Int(centre.x), Int(centre.y))
    for row in max(0, y - reach)...min(height - 1, y + reach + 1) {
      for column in max(0, x - reach)...min(width - 1, x + reach + 1) {
        let apart = SIMD2(Float(column), Float(row)) - centre
        let share = min(1, max(0, radius + 0.5 - (apart * apart).sum().squareRoot()))
        if share > 0 {
          self[column, row] = self[column, row].mixed(with: colour, share: 0.85 * share)
        }
      }
    }
  }
}
