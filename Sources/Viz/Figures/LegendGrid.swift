/// A legend in as many aligned columns as its width holds, filled row by row.
struct LegendGrid {
  /// Where an entry stands, relative to the upper left corner.
  struct Cell: Equatable {
    let index, x, y, nameX, numberX: Int
    let name: String
    let number: String?
  }

  let cells: [Cell]
  /// Size of the whole, pixels.
  let width, height: Int
  /// Width of a swatch; it is as high as capitals.
  let swatchWidth: Int

  /// The widths of an entry's parts in pixels, or of the widest ones in a column.
  private struct Widths {
    var name = 0
    var number = 0
  }

  /// The grid of `entries` in at most `width` pixels; names that are too long for it end with `…`.
  init(_ entries: [FigureSheet.LegendEntry], width limit: Int, scale: Int) {
    let (swatch, swatchGap, numberGap) = (11 * scale, 5 * scale, 6 * scale)
    let (columnGap, rowStep) = (14 * scale, 14 * scale)
    func width(_ widths: Widths) -> Int {
      swatch + swatchGap + widths.name + (widths.number > 0 ? numberGap + widths.number : 0)
    }

    let numberWidths = entries.map { entry in
      entry.number.map { PixelFont.size(of: $0, scale: scale).width } ?? 0
    }
    let nameLimit = limit - width(Widths(number: numberWidths.max() ?? 0))
    let names = entries.map { PixelFont.shortened($0.name, width: nameLimit, scale: scale) }
    let nameWidths = names.map { PixelFont.size(of: $0, scale: scale).width }
    func columnWidths(_ columns: Int) -> [Widths] {
      (0..<columns).map { column in
        let members = stride(from: column, to: entries.count, by: columns)
        return Widths(
          name: members.map { nameWidths[$0] }.max() ?? 0,
          number: members.map { numberWidths[$0] }.max() ?? 0)
      }
    }
    func total(_ columns: Int) -> Int {
      columnWidths(columns).reduce(0) { $0 + width($1) } + (columns - 1) * columnGap
    }

    // The most columns that fit, then as few as the same number of rows needs.
    let most = (1...max(1, entries.count)).last { total($0) <= limit } ?? 1
    let rows = (entries.count + most - 1) / most
    let fewest = (entries.count + rows - 1) / max(1, rows)
    let columns = total(fewest) <= limit ? fewest : most

    let widths = columnWidths(columns)
    var starts = [0]
    for column in widths { starts.append(starts[starts.count - 1] + width(column) + columnGap) }
    cells = entries.indices.map { index in
      let column = index % columns
      let nameX = starts[column] + swatch + swatchGap
      return Cell(
        index: index, x: starts[column], y: index / columns * rowStep, nameX: nameX,
        numberX: nameX + widths[column].name + numberGap + widths[column].number
          - numberWidths[index],
        name: names[index], number: entries[index].number)
    }
    self.width = total(columns)
    height = (rows - 1) * rowStep + PixelFont.lineHeight * scale
    swatchWidth = swatch
  }
}
