/// The split of one cell that is nearest to a picture, by trying all.
///
/// Two colours stand for the samples on either side of a split. What a split explains of the samples' variance is
///
///     |S − f · T|² / (f · (1 − f)),    S = Σ covered,  T = Σ all,  f = share covered
///
/// and the split that explains most leaves the least squared error. Samples are compared as √light, close to how the
/// eye spaces them; the two colours are means of light, so that a cell seen from a distance is as bright and as
/// coloured as the picture.
struct SplitFit {
  /// Which split of the table, or none where a cell has one colour.
  var split: Int?
  /// Light of the samples that the glyph covers, and of the others.
  var foreground, background: SIMD4<Float>
}

/// A `SplitTable` in the form in which the search reads it.
struct SplitSearch: Sendable {
  let table: SplitTable
  /// Of each split the share of the cell that it covers, f, and 1 / (f · (1 − f)).
  private let shares, scales: [Float]
  /// The table's coverage by samples: `samples` × `splits.count`.
  private let coverageBySample: [Float]

  init(_ table: SplitTable) {
    self.table = table
    shares = table.splits.map { Float($0.coverage) / Float(table.samples) }
    scales = shares.map { 1 / ($0 * (1 - $0)) }
    coverageBySample = (0..<table.samples).flatMap { sample in
      table.splits.indices.map { table.coverage[$0 * table.samples + sample] }
    }
  }

  /// √light to within 4 %, which is enough to compare by: half the exponent, in two instructions instead of four
  /// roots.
  ///
  /// A float's bits are its logarithm to base 2, linear between powers; the constant restores the exponent's bias and
  /// spreads the error about zero (J. F. Blinn, "Floating-point tricks", 1997).
  @inline(__always)
  private static func root(_ light: SIMD4<Float>) -> SIMD4<Float> {
    let bits = unsafeBitCast(light, to: SIMD4<UInt32>.self)
    return unsafeBitCast((bits &>> 1) &+ 0x1FBD_1DF5, to: SIMD4<Float>.self)
  }

  /// The best split of a cell whose sample (x, y) is `light[y · stride + x]`.
  func fit(_ light: UnsafePointer<SIMD4<Float>>, stride: Int) -> SplitFit {
    withUnsafeTemporaryAllocation(of: SIMD4<Float>.self, capacity: table.splits.count + 1) {
      covered in
      guard let covered = covered.baseAddress else {
        return SplitFit(split: nil, foreground: .zero, background: .zero)
      }
      let total: SIMD4<Float>
      if table.across == 8 && table.down == 8 {
        total = Self.sumBlocks(light, stride, into: covered)
      } else {
        total = sumSamples(light, stride, into: covered)
      }
      var (best, most) = (-1, Float(0))
      shares.withUnsafeBufferPointer { shares in
        scales.withUnsafeBufferPointer { scales in
          for split in 0..<shares.count {
            let deviation = covered[split] - shares[split] * total
            let explained = (deviation * deviation).sum() * scales[split]
            if explained > most { (best, most) = (split, explained) }
          }
        }
      }
      return means(light, stride, split: best)
    }
  }

  /// Sums of √light under each split, sample by sample; returns the sum of all.
  func sumSamples(
    _ light: UnsafePointer<SIMD4<Float>>, _ stride: Int,
    into covered: UnsafeMutablePointer<SIMD4<Float>>
  ) -> SIMD4<Float> {
    let splits = table.splits.count
    for split in 0..<splits { covered[split] = .zero }
    var total = SIMD4<Float>.zero
    coverageBySample.withUnsafeBufferPointer { coverage in
      for y in 0..<table.down {
        for x in 0..<table.across {
          let value = Self.root(light[y * stride + x])
          total += value
          let first = (y * table.across + x) * splits
          for split in 0..<splits { covered[split] += coverage[first + split] * value }
        }
      }
    }
    return total
  }

  /// As `sumSamples` for `SplitTable.blocks`: every split is a sum of rows, of columns or of quadrants.
  static func sumBlocks(
    _ light: UnsafePointer<SIMD4<Float>>, _ stride: Int,
    into covered: UnsafeMutablePointer<SIMD4<Float>>
  ) -> SIMD4<Float> {
    withUnsafeTemporaryAllocation(of: SIMD4<Float>.self, capacity: 24) { sums in
      guard let columns = sums.baseAddress else { return .zero }
      let lefts = columns + 8
      let rights = columns + 16
      for x in 0..<8 { columns[x] = .zero }
      for y in 0..<8 {
        let row = light + y * stride
        var left = SIMD4<Float>.zero
        var right = SIMD4<Float>.zero
        for x in 0..<4 {
          let (a, b) = (root(row[x]), root(row[x + 4]))
          left += a
          right += b
          columns[x] += a
          columns[x + 4] += b
        }
        lefts[y] = left
        rights[y] = right
      }
      let upperLeft = lefts[0] + lefts[1] + lefts[2] + lefts[3]
      let upperRight = rights[0] + rights[1] + rights[2] + rights[3]
      let lowerLeft = lefts[4] + lefts[5] + lefts[6] + lefts[7]
      let lowerRight = rights[4] + rights[5] + rights[6] + rights[7]
      covered[0] = upperLeft + upperRight
      covered[1] = upperLeft + lowerLeft
      covered[2] = upperLeft
      covered[3] = upperRight
      covered[4] = lowerLeft
      covered[5] = lowerRight
      covered[6] = upperLeft + lowerRight
      let lower = lowerLeft + lowerRight
      covered[7] = lefts[7] + rights[7]
      covered[8] = covered[7] + lefts[6] + rights[6]
      covered[9] = covered[8] + lefts[5] + rights[5]
      covered[10] = lower + lefts[3] + rights[3]
      covered[11] = covered[10] + lefts[2] + rights[2]
      covered[12] = lefts[0] + rights[0]
      covered[13] = columns[0]
      covered[14] = columns[0] + columns[1]
      covered[15] = covered[14] + columns[2]
      covered[16] = covered[1] + columns[4]
      covered[17] = covered[16] + columns[5]
      covered[18] = columns[7]
      return covered[0] + lower
    }
  }

  /// The mean light on both sides of `split`, which is negative for a cell of one colour.
  private func means(
    _ light: UnsafePointer<SIMD4<Float>>, _ stride: Int, split: Int
  ) -> SplitFit {
    let samples = Float(table.samples)
    var (total, covered) = (SIMD4<Float>.zero, SIMD4<Float>.zero)
    guard split >= 0 else {
      for y in 0..<table.down {
        for x in 0..<table.across { total += light[y * stride + x] }
      }
      return SplitFit(split: nil, foreground: total / samples, background: total / samples)
    }
    table.coverage.withUnsafeBufferPointer { coverage in
      guard var isCovered = coverage.baseAddress.map({ $0 + split * table.samples }) else { return }
      for y in 0..<table.down {
        let row = light + y * stride
        for x in 0..<table.across {
          total += row[x]
          covered += isCovered[x] * row[x]
        }
        isCovered += table.across
      }
    }
    let share = shares[split]
    return SplitFit(
      split: split, foreground: covered / (samples * share),
      background: (total - covered) / (samples * (1 - share)))
  }
}
