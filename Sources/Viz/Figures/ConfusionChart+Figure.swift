import Core

extension ConfusionChart {
  /// The chart as a figure with its scale as the legend; there are numbers in the squares of up to 40 classes.
  public func figure(title: String, look: FigureLook = .light) -> FigureSheet {
    let isLight = look.background.ink == RGB(0, 0, 0)
    let scale = Self.scale(isLight: isLight)
    let steps = [0.01, 0.05, 0.2, 0.5, 1].map { share in
      FigureSheet.LegendEntry(
        scale(Float(share.squareRoot())), "taken for another class",
        number: "\(Int(100 * share)) %")
    }
    return FigureSheet(
      title: title,
      panels: [
        FigureSheet.Panel(
          picture(look, isLight: isLight),
          caption: "rows: truth · columns: prediction · percent of the truth")
      ],
      legend: [
        FigureSheet.LegendEntry(Self.grey(1, isLight: isLight), "right", number: "100 %")
      ] + steps, look: look)
  }

  /// The squares with the names of rows at the left and of columns, turned, at the top.
  private func picture(_ look: FigureLook, isLight: Bool) -> Picture {
    let hasNumbers = max(rows.count, columns.count) <= 40
    let scale = hasNumbers ? 2 : 1
    let side = hasNumbers ? 48 : 12
    let gap = 4 * scale
    func width(_ text: String) -> Int { PixelFont.size(of: text, scale: scale).width }
    let left = (rows.map(width).max() ?? 0) + 2 * gap
    let top = (columns.map(width).max() ?? 0) + 2 * gap
    var picture = Picture(
      width: left + columns.count * side + gap, height: top + rows.count * side + gap,
      filled: look.background)
    let capitals = PixelFont.capitalHeight * scale
    for (i, name) in rows.enumerated() {
      picture.draw(
        name, x: left - gap - width(name), y: top + i * side + (side - capitals) / 2,
        colour: look.text, scale: scale)
    }
    for (i, name) in columns.enumerated() {
      var line = Picture(
        width: max(1, width(name)), height: PixelFont.lineHeight * scale, filled: look.background)
      line.draw(name, x: 0, y: 0, colour: look.text, scale: scale)
      picture.draw(
        line.turned, x: left + i * side + (side - capitals) / 2, y: top - gap - line.width)
    }
    for truth in rows.indices {
      for prediction in columns.indices {
        let pair = Pair(truth: truth, prediction: prediction)
        let (x, y) = (left + prediction * side, top + truth * side)
        picture.fill(look.outline, x: x, y: y, width: side, height: side)
        let colour = colour(pair, isLight: isLight) ?? look.background
        picture.fill(colour, x: x, y: y, width: side - 1, height: side - 1)
        let text = percent(pair)
        guard hasNumbers, !text.isEmpty else { continue }
        picture.draw(
          text, x: x + (side - width(text)) / 2, y: y + (side - capitals) / 2, colour: colour.ink,
          scale: scale)
      }
    }
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
