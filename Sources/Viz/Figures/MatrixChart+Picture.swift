import Core

extension MatrixChart {
  /// The squares of a figure with the names of rows at the left and of columns, turned, at the top.
  ///
  /// There are numbers in the squares of up to 40 classes. A `scale` stands below the squares.
  func picture(_ look: FigureLook, scale valueScale: ValueScale? = nil) -> Picture {
    let isLight = look.isLight
    let hasNumbers = max(rows.count, columns.count) <= 40
    let scale = hasNumbers ? 2 : 1
    let side = hasNumbers ? 48 : 12
    let gap = 4 * scale
    func width(_ text: String) -> Int { PixelFont.size(of: text, scale: scale).width }
    let names = columns + (lastColumn.map { [$0] } ?? [])
    let left = (rows.map(width).max() ?? 0) + 2 * gap
    let top = (names.map(width).max() ?? 0) + 2 * gap
    func x(_ column: Int) -> Int {
      left + column * side + (column == columns.count ? side / 2 : 0)
    }
    let right = x(names.count - 1) + side
    let bottom = top + rows.count * side + gap
    let foot = valueScale == nil ? 0 : 3 * gap + ValueScale.height(scale: scale)
    var picture = Picture(width: right + gap, height: bottom + foot, filled: look.background)
    let capitals = PixelFont.capitalHeight * scale
    for (i, name) in rows.enumerated() {
      picture.draw(
        name, x: left - gap - width(name), y: top + i * side + (side - capitals) / 2,
        colour: look.text, scale: scale)
    }
    for (i, name) in names.enumerated() {
      var line = Picture(
        width: max(1, width(name)), height: PixelFont.lineHeight * scale, filled: look.background)
      line.draw(name, x: 0, y: 0, colour: look.text, scale: scale)
      picture.draw(line.turned, x: x(i) + (side - capitals) / 2, y: top - gap - line.width)
    }
    for row in rows.indices {
      for column in names.indices {
        let place = MatrixPlace(row: row, column: column)
        let (x, y) = (x(column), top + row * side)
        picture.fill(look.outline, x: x, y: y, width: side, height: side)
        let colour = colour(place, isLight: isLight) ?? look.background
        picture.fill(colour, x: x, y: y, width: side - 1, height: side - 1)
        let text = text(place)
        guard hasNumbers, !text.isEmpty else { continue }
        picture.draw(
          text, x: x + (side - width(text)) / 2, y: y + (side - capitals) / 2, colour: colour.ink,
          scale: scale)
      }
    }
    valueScale?.draw(
      on: &picture, x: left, y: bottom + 2 * gap, width: columns.count * side, look: look,
      scale: scale)
    return picture
  }
}

extension Picture {
  /// The picture turned by a quarter to the left, so that lines read from below.
  fileprivate var turned: Picture {
    var turned = Picture(width: height, height: width)
    for y in 0..<height {
      for x in 0..<width { turned[y, width - 1 - x] = self[x, y] }
    }
    return turned
  }
}
