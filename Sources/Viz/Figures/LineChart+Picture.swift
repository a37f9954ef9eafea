import Core

extension LineChart {
  /// The chart as a picture of this size, its lines smoothed.
  public func picture(width: Int, height: Int, look: FigureLook = .light) -> Picture {
    let scale = max(1, width / 480)
    let (x, y) = axes(ticksAcross: 8, ticksUp: 6)
    let line = PixelFont.lineHeight * scale
    let labels = y.ticks.map { ($0, y.label($0)) }
    let left = (labels.map { PixelFont.size(of: $0.1, scale: scale).width }.max() ?? 0) + 6 * scale
    let names = Self.rows(
      ofNames: series.map { PixelFont.size(of: $0.name, scale: scale).width + 24 * scale },
      width: width - left)
    let top = (names.count + 1) * line
    let frame = Frame(
      left: left, top: top, width: width - left - 12 * scale, height: height - top - 2 * line)
    precondition(frame.width > 0 && frame.height > 0, "no chart fits \(width)×\(height) pixels")

    var picture = Picture(width: width, height: height, filled: look.background)
    for (tick, label) in labels {
      let row = frame.row(y.place(tick))
      picture.fill(look.outline, x: left, y: Int(row), width: frame.width, height: 1)
      let size = PixelFont.size(of: label, scale: scale)
      picture.draw(
        label, x: left - size.width - 3 * scale,
        y: Int(row) - PixelFont.capitalHeight * scale / 2, colour: look.secondaryText, scale: scale)
    }
    for tick in x.ticks {
      let column = Int(frame.column(x.place(tick)))
      picture.fill(look.outline, x: column, y: frame.top, width: 1, height: frame.height)
      let label = x.label(tick)
      let labelWidth = PixelFont.size(of: label, scale: scale).width
      picture.draw(
        label, x: min(width - labelWidth, column - labelWidth / 2),
        y: frame.top + frame.height + line / 2, colour: look.secondaryText, scale: scale)
    }
    for (row, lines) in names.enumerated() {
      drawNames(series[lines], in: &picture, x: left, y: line / 2 + row * line, look, scale)
    }
    for line in series {
      let points = line.points.map {
        Point(frame.column(x.place($0.x)), frame.row(y.place($0.y)))
      }
      picture.draw(points, colour: line.colour, thickness: 1.2 * Double(scale))
    }
    return picture
  }

  /// Where the lines are drawn, in pixels.
  private struct Frame {
    let left, top, width, height: Int
    func column(_ place: Double) -> Double { Double(left) + place * Double(width - 1) }
    func row(_ place: Double) -> Double { Double(top) + (1 - place) * Double(height - 1) }
  }

  private func drawNames(
    _ lines: ArraySlice<Series>, in picture: inout Picture, x: Int, y: Int, _ look: FigureLook,
    _ scale: Int
  ) {
    var left = x
    for line in lines {
      picture.fill(
        line.colour, x: left, y: y + (PixelFont.capitalHeight / 2) * scale, width: 10 * scale,
        height: max(2, scale))
      picture.draw(line.name, x: left + 13 * scale, y: y, colour: look.text, scale: scale)
      left += PixelFont.size(of: line.name, scale: scale).width + 24 * scale
    }
  }
}

extension Picture {
  /// Draws a smoothed line through `points`, in pixels, clipped at the picture's edges.
  fileprivate mutating func draw(
    _ points: [LineChart.Point], colour: RGB, thickness: Double
  ) {
    // What segments that meet cover together is not painted twice.
    var shares = [Int: Float]()
    let reach = thickness / 2 + 1
    for (i, b) in points.enumerated() {
      let a = points[max(0, i - 1)]
      let columns = Int(min(a.x, b.x) - reach)...Int(max(a.x, b.x) + reach)
      let rows = Int(min(a.y, b.y) - reach)...Int(max(a.y, b.y) + reach)
      for y in rows where 0..<height ~= y {
        for x in columns where 0..<width ~= x {
          let distance = LineChart.Point(Double(x), Double(y)).distance(a, b)
          let share = Float(min(1, max(0, thickness / 2 + 0.5 - distance)))
          if share > 0 {
            shares[y * width + x, default: 0] = max(shares[y * width + x] ?? 0, share)
          }
        }
      }
    }
    for (pixel, share) in shares {
      let (x, y) = (pixel % width, pixel / width)
      self[x, y] = self[x, y].mixed(with: colour, share: share)
    }
  }
}

extension LineChart.Point {
  /// The distance to the line from `a` to `b`.
  fileprivate func distance(_ a: LineChart.Point, _ b: LineChart.Point) -> Double {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let length = dx * dx + dy * dy
    let share = length > 0 ? min(1, max(0, ((x - a.x) * dx + (y - a.y) * dy) / length)) : 0
    let (ex, ey) = (x - a.x - share * dx, y - a.y - share * dy)
    return (ex * ex + ey * ey).squareRoot()
  }
}
