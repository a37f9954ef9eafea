import Core

extension CellGrid {
  /// The grid in colours of `palette` alone, for terminals with 256 or 16 of them: what a cell cannot have of its
  /// colours is passed on, in light, to the cells after it, so that areas keep their mean.
  ///
  /// The error spreads between cells as R. W. Floyd and L. Steinberg's "An adaptive algorithm for spatial
  /// greyscale" (1976) has it, from left to right and from right to left by turns; a cell of one colour counts as
  /// two halves, which doubles the resolution. A quarter of each error is dropped, as B. Atkinson's dithering does,
  /// which keeps dark areas free of stray colours. Cells without background, and glyphs that are no blocks, are
  /// taken for text and stay as they are. Class colours should not be dithered.
  public func dithered(to palette: TerminalPalette) -> CellGrid {
    let search = PaletteSearch(palette)
    var dithered = self
    // The light that the cells of this row and of the next still owe, with a margin on both sides.
    var owed = [SIMD4<Float>](repeating: .zero, count: width + 2)
    var below = owed
    for y in 0..<height {
      let isRightward = y % 2 == 0
      let ahead = isRightward ? 1 : -1
      for step in 0..<width {
        let x = isRightward ? step : width - 1 - step
        guard let sides = CellSides(self[x, y]) else { continue }
        let (cell, error) = sides.dithered(owing: owed[x + 1], search)
        dithered[x, y] = cell
        owed[x + 1 + ahead] += error * (7 / 16)
        below[x + 1 - ahead] += error * (3 / 16)
        below[x + 1] += error * (5 / 16)
        below[x + 1 + ahead] += error * (1 / 16)
      }
      owed = below
      for i in below.indices { below[i] = .zero }
    }
    return dithered
  }
}

/// The two sides of a block, as light.
private struct CellSides {
  private let glyph: Character
  /// Whether both sides have one colour.
  private let isWhole: Bool
  /// The share of the cell that the glyph covers.
  private let share: Float
  private let foreground, background: SIMD4<Float>

  init?(_ cell: Cell) {
    guard let background = cell.background else { return nil }
    self.background = LinearLight.light(of: background)
    isWhole = cell.glyph == " "
    if isWhole {
      (glyph, share, foreground) = ("▀", 0.5, self.background)
    } else {
      guard let foreground = cell.foreground, let share = Self.shares[cell.glyph] else {
        return nil
      }
      self.glyph = cell.glyph
      self.share = share
      self.foreground = LinearLight.light(of: foreground)
    }
  }

  /// The nearest cell, each side brighter by `owed`, and the mean light to pass on.
  func dithered(owing owed: SIMD4<Float>, _ search: PaletteSearch) -> (Cell, SIMD4<Float>) {
    let kept: Float = 0.75
    let (front, frontLight) = search.nearest(to: foreground + owed)
    let frontError = kept * (foreground + owed - frontLight)
    // Two halves of one colour are neighbours like others; the sides of an edge in the picture stay apart.
    let wanted = background + owed + (isWhole ? frontError : .zero)
    let (back, backLight) = search.nearest(to: wanted)
    let backError = kept * (wanted - backLight)
    return (
      front == back
        ? Cell(background: back) : Cell(glyph, foreground: front, background: back),
      (isWhole ? .zero : frontError * share) + backError * (1 - share)
    )
  }

  private static let shares: [Character: Float] = {
    var shares: [Character: Float] = [:]
    for table in [SplitTable.blocks, .sextants] {
      for split in table.splits {
        shares[split.glyph] = Float(split.coverage) / Float(table.samples)
      }
    }
    return shares
  }()
}

/// A palette's colours with their light and their places in Oklab.
private struct PaletteSearch {
  private let colours: [(colour: RGB, light: SIMD4<Float>, place: SIMD4<Float>)]

  init(_ palette: TerminalPalette) {
    colours = palette.colours.map {
      ($0, LinearLight.light(of: $0), Self.place(of: $0))
    }
  }

  /// The colour nearest in Oklab, and its light; light outside [0, 1] is clipped to compare.
  func nearest(to light: SIMD4<Float>) -> (colour: RGB, light: SIMD4<Float>) {
    let place = Self.place(of: LinearLight.colour(light))
    var (best, least) = (0, Float.infinity)
    colours.withUnsafeBufferPointer { colours in
      for i in 0..<colours.count {
        let offset = colours[i].place - place
        let distance = (offset * offset).sum()
        if distance < least { (best, least) = (i, distance) }
      }
    }
    return (colours[best].colour, colours[best].light)
  }

  private static func place(of colour: RGB) -> SIMD4<Float> {
    let place = Oklab(colour)
    return SIMD4(place.lightness, place.a, place.b, 0)
  }
}
