import Core

extension Picture {
  /// The picture, or a part of it, in cells of text: in each cell the glyph and the two colours nearest to it.
  ///
  /// A cell of a single colour is a space with that background. With `ascii` and `letters` a cell is a character as dense
  /// as the picture is bright, in the picture's hue.
  ///
  /// - Parameters:
  ///   - glyphs: what the cells are drawn with.
  ///   - columns, rows: size of the grid in cells; a cell is stretched over its part of the crop whatever its shape.
  ///   - crop: the part to show, all where nil.
  public func cells(
    _ glyphs: GlyphSet = .blocks, columns: Int, rows: Int, crop: Crop? = nil
  ) -> CellGrid {
    precondition(columns > 0 && rows > 0, "cannot draw in \(columns)×\(rows) cells")
    let search = SplitSearch(glyphs.table)
    let (across, down) = (search.table.across, search.table.down)
    let scaler = LightScaler(self, crop: crop, width: columns * across, height: rows * down)
    let stride = columns * across
    var cells: [Cell] = []
    cells.reserveCapacity(columns * rows)
    withUnsafeTemporaryAllocation(of: SIMD4<Float>.self, capacity: down * stride) { band in
      guard let band = band.baseAddress else { return }
      for row in 0..<rows {
        scaler.write(rows: (row * down)..<((row + 1) * down), to: band)
        if search.table.splits.isEmpty {
          for column in 0..<columns { cells.append(Cell(brightnessOf: band[column])) }
        } else {
          for column in 0..<columns {
            let fit = search.fit(band + column * across, stride: stride)
            cells.append(Cell(fit, search.table))
          }
        }
      }
    }
    return CellGrid(width: columns, height: rows, cells: cells)
  }
}

extension Cell {
  /// The cell of a fit; two sides of one colour become a space.
  fileprivate init(_ fit: SplitFit, _ table: SplitTable) {
    let background = LinearLight.colour(fit.background)
    guard let split = fit.split else {
      self.init(background: background)
      return
    }
    let foreground = LinearLight.colour(fit.foreground)
    self =
      foreground == background
      ? Cell(background: background)
      : Cell(table.splits[split].glyph, foreground: foreground, background: background)
  }

  /// A character as dense as `light` is bright to the eye, in its hue at full strength.
  fileprivate init(brightnessOf light: SIMD4<Float>) {
    // Luminance of sRGB's primaries, IEC 61966-2-1.
    let luminance = 0.2126 * light.x + 0.7152 * light.y + 0.0722 * light.z
    let ramp = Self.brightnessRamp
    let glyph = ramp[Int(LinearLight.sample(luminance)) * ramp.count / 256]
    let strongest = max(light.x, light.y, light.z)
    let hue = strongest > 0 ? light / strongest : SIMD4(repeating: 1)
    self.init(glyph, foreground: glyph == " " ? nil : LinearLight.colour(hue))
  }

  /// ASCII characters from empty to full.
  static let brightnessRamp: [Character] = Array(" .:-=+*#%@")
}
