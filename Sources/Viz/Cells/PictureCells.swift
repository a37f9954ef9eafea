import Core

extension Picture {
  /// The picture, or a part of it, in cells of text: in each cell the glyph and the two colours nearest to it.
  ///
  /// A cell of a single colour is a space with that background. With `ascii` and `letters` a cell is a character as
  /// dense as the picture is bright, in the picture's hue.
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
    var cells: [Cell] = []
    cells.reserveCapacity(columns * rows)
    scaler.forEachBand(of: down) { _, light in search.append(columns, of: light, to: &cells) }
    return CellGrid(width: columns, height: rows, cells: cells)
  }
}

/// A picture as the light of every sample of a grid of cells: what `Picture.cells` fits its cells to.
///
/// `Picture.cells` makes and fits it a row at a time, in the cache; this keeps it whole, for looking at the two halves
/// of the work apart.
public struct CellLight: Sendable {
  private let columns, rows: Int
  private let search: SplitSearch
  private var light: [SIMD4<Float>]

  /// The light of a picture or a part of it; parameters as of `Picture.cells`.
  public init(
    _ picture: Picture, _ glyphs: GlyphSet = .blocks, columns: Int, rows: Int, crop: Crop? = nil
  ) {
    precondition(columns > 0 && rows > 0, "cannot draw in \(columns)×\(rows) cells")
    self.columns = columns
    self.rows = rows
    search = SplitSearch(glyphs.table)
    let (width, down) = (columns * search.table.across, search.table.down)
    let scaler = LightScaler(picture, crop: crop, width: width, height: rows * down)
    light = [SIMD4<Float>](repeating: .zero, count: width * down * rows)
    light.withUnsafeMutableBufferPointer { light in
      guard let whole = light.baseAddress else { return }
      scaler.forEachBand(of: down) { rows, light in
        (whole + rows.lowerBound * width).update(from: light, count: rows.count * width)
      }
    }
  }

  /// The cells nearest to the light.
  public func fitted() -> CellGrid {
    var cells: [Cell] = []
    cells.reserveCapacity(columns * rows)
    light.withUnsafeBufferPointer { light in
      guard let light = light.baseAddress else { return }
      for row in 0..<rows {
        search.append(columns, of: light + row * columns * search.table.samples, to: &cells)
      }
    }
    return CellGrid(width: columns, height: rows, cells: cells)
  }
}

extension SplitSearch {
  /// Appends a row of `columns` cells fitted to its light, `columns · across` × `down` samples.
  fileprivate func append(
    _ columns: Int, of light: UnsafePointer<SIMD4<Float>>, to cells: inout [Cell]
  ) {
    if table.splits.isEmpty {
      for column in 0..<columns { cells.append(Cell(brightnessOf: light[column])) }
    } else {
      for column in 0..<columns {
        let fit = fit(light + column * table.across, stride: columns * table.across)
        cells.append(Cell(fit, table))
      }
    }
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
