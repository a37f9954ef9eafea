import Core

extension LabelMap {
  /// The map, or a part of it, in cells of text that hold no colour but the palette's.
  ///
  /// Each sample of a cell has the value that covers most of it; a cell is split where most samples keep their value.
  ///
  /// - Parameters:
  ///   - glyphs: what the cells are drawn with; `ascii` and `letters` show the classes' letters.
  ///   - palette: one colour per class; values without a colour are black.
  ///   - letters: one per class; values without a letter are blank.
  ///   - columns, rows: size of the grid in cells.
  ///   - crop: the part to show, all where nil.
  public func cells(
    _ glyphs: GlyphSet = .blocks, palette: [RGB], letters: [Character] = [], columns: Int,
    rows: Int, crop: Crop? = nil
  ) -> CellGrid {
    precondition(columns > 0 && rows > 0, "cannot draw in \(columns)×\(rows) cells")
    let table = glyphs.table
    let samples = majorityScaled(
      crop ?? Crop(self), width: columns * table.across, height: rows * table.down)
    func colour(_ value: UInt16) -> RGB {
      Int(value) < palette.count ? palette[Int(value)] : RGB(0, 0, 0)
    }
    var cells: [Cell] = []
    cells.reserveCapacity(columns * rows)
    if table.splits.isEmpty {
      for value in samples.values {
        let hasLetter = Int(value) < letters.count
        cells.append(
          hasLetter ? Cell(letters[Int(value)], foreground: colour(value)) : Cell())
      }
    } else {
      var votes = SplitVote(table)
      samples.values.withUnsafeBufferPointer { values in
        guard let values = values.baseAddress else { return }
        for row in 0..<rows {
          for column in 0..<columns {
            let corner = row * table.down * samples.width + column * table.across
            let result = votes.result(values + corner, stride: samples.width)
            let background = colour(result.background)
            let foreground = colour(result.foreground)
            cells.append(
              foreground == background
                ? Cell(background: background)
                : Cell(
                  table.splits[result.split].glyph, foreground: foreground, background: background))
          }
        }
      }
    }
    return CellGrid(width: columns, height: rows, cells: cells)
  }
}

/// The split of one cell that keeps the value of most samples, by trying all.
struct SplitVote {
  private let table: SplitTable
  /// The values of a cell and the samples that have each.
  private var ballots: [(value: UInt16, samples: UInt64)] = []

  init(_ table: SplitTable) { self.table = table }

  /// The best split of the cell whose sample (x, y) is `values[y · stride + x]`, and the value of either side.
  ///
  /// Where one value does as well as any two, both sides have it.
  mutating func result(
    _ values: UnsafePointer<UInt16>, stride: Int
  ) -> (split: Int, foreground: UInt16, background: UInt16) {
    count(values, stride)
    let whole = winner(~0)
    var best = (split: 0, foreground: whole.value, background: whole.value)
    guard ballots.count > 1 else { return best }
    var most = whole.votes
    for (index, split) in table.splits.enumerated() {
      let covered = winner(split.mask)
      let rest = winner(~split.mask)
      if covered.votes + rest.votes > most {
        most = covered.votes + rest.votes
        best = (index, covered.value, rest.value)
      }
    }
    return best
  }

  private mutating func count(_ values: UnsafePointer<UInt16>, _ stride: Int) {
    ballots.removeAll(keepingCapacity: true)
    var bit: UInt64 = 1
    for y in 0..<table.down {
      for x in 0..<table.across {
        let value = values[y * stride + x]
        if let last = ballots.indices.last, ballots[last].value == value {
          ballots[last].samples |= bit
        } else if let known = ballots.firstIndex(where: { $0.value == value }) {
          ballots[known].samples |= bit
        } else {
          ballots.append((value, bit))
        }
        bit &<<= 1
      }
    }
  }

  /// The value of most samples of `mask`; of equals the smallest.
  private func winner(_ mask: UInt64) -> (value: UInt16, votes: Int) {
    var winner = (value: UInt16.max, votes: 0)
    for ballot in ballots {
      let votes = (ballot.samples & mask).nonzeroBitCount
      if votes > winner.votes || (votes == winner.votes && ballot.value < winner.value) {
        winner = (ballot.value, votes)
      }
    }
    return winner
  }
}
