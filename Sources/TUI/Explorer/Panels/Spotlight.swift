import Core
import Viz

/// Leaves the region of a class as it is and dims the rest of a pane.
///
/// It works on the cells, so it costs nothing of the picture and can follow the cursor.
enum Spotlight {
  /// Dims what does not belong to class `k`, by half cells, which are square.
  ///
  /// `halves` gives the colours of a crop's upper and lower half, for cells that lie in both.
  static func shine(
    on k: Int, of labels: LabelMap, _ placement: Viewport.Placement, _ cells: inout CellGrid,
    halves: (Crop) -> (upper: RGB, lower: RGB)
  ) {
    guard let value = UInt16(exactly: k) else { return }
    let isInside = labels.tiles(
      of: value, columns: cells.width, rows: 2 * cells.height, crop: placement.crop)
    let size = (
      width: placement.width / Double(cells.width), height: placement.height / Double(cells.height)
    )
    for row in 0..<cells.height {
      for column in 0..<cells.width {
        let upper = isInside[2 * row * cells.width + column]
        let lower = isInside[(2 * row + 1) * cells.width + column]
        if cells[column, row].background == nil {
          // A letter has no halves.
          cells[column, row].style.insert(upper && lower ? .bold : .dim)
        } else if !upper && !lower {
          cells[column, row] = cells[column, row].dimmed
        } else if upper != lower {
          let under = halves(
            Crop(
              x: placement.x + Double(column) * size.width,
              y: placement.y + Double(row) * size.height, width: size.width, height: size.height))
          cells[column, row] = Cell(
            "▀", foreground: upper ? under.upper : under.upper.dimmed,
            background: lower ? under.lower : under.lower.dimmed)
        }
      }
    }
  }
}

extension Cell {
  /// The cell at three fifths of its brightness to the eye.
  fileprivate var dimmed: Cell {
    Cell(glyph, foreground: foreground?.dimmed, background: background?.dimmed, style: style)
  }
}

extension RGB {
  fileprivate var dimmed: RGB {
    func dim(_ sample: UInt8) -> UInt8 { UInt8(Int(sample) * 3 / 5) }
    return RGB(dim(red), dim(green), dim(blue))
  }
}

extension LabelMap {
  /// The colours of the values in the middle of a crop's halves, so that no colour is invented.
  func halves(_ crop: Crop, _ palette: [RGB]) -> (upper: RGB, lower: RGB) {
    func colour(_ share: Double) -> RGB {
      let x = min(max(Int(crop.x + crop.width / 2), 0), width - 1)
      let y = min(max(Int(crop.y + crop.height * share), 0), height - 1)
      let value = Int(self[x, y])
      return palette.indices.contains(value) ? palette[value] : RGB(0, 0, 0)
    }
    return (colour(0.25), colour(0.75))
  }
}
