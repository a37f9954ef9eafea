import Core

extension LabelMap {
  /// The map at another size: each pixel is the value that covers most of its area, so no value is invented.
  ///
  /// Of values with equal shares the smallest wins.
  public func majorityScaled(width scaledWidth: Int, height scaledHeight: Int) -> LabelMap {
    majorityScaled(Crop(self), width: scaledWidth, height: scaledHeight)
  }

  /// A part of the map at another size: each pixel is the value that covers most of its area.
  ///
  /// Of values with equal shares the smallest wins. A magnified map shows its pixels as they are.
  public func majorityScaled(
    _ crop: Crop, width scaledWidth: Int, height scaledHeight: Int
  ) -> LabelMap {
    precondition(
      scaledWidth > 0 && scaledHeight > 0, "cannot scale to \(scaledWidth)×\(scaledHeight)")
    let across = Taps.covering(crop.x, crop.width, of: width, scaled: scaledWidth)
    let down = Taps.covering(crop.y, crop.height, of: height, scaled: scaledHeight)
    var scaled = LabelMap(
      width: scaledWidth, height: scaledHeight,
      values: [UInt16](repeating: 0, count: scaledWidth * scaledHeight))
    var votes = [UInt64](repeating: 0, count: Int(values.max() ?? 0) + 1)
    values.withUnsafeBufferPointer { values in
      scaled.values.withUnsafeMutableBufferPointer { scaled in
        votes.withUnsafeMutableBufferPointer { votes in
          guard let values = values.baseAddress, let scaled = scaled.baseAddress,
            let votes = votes.baseAddress
          else { return }
          let count = MajorityCount(values: values, stride: width, votes: votes)
          count.write(across, down, to: scaled)
        }
      }
    }
    return scaled
  }
}

/// The leaf of `majorityScaled`: all pointers are its caller's.
private struct MajorityCount {
  let values: UnsafePointer<UInt16>
  /// Values of a row.
  let stride: Int
  /// One per value, zero between pixels.
  let votes: UnsafeMutablePointer<UInt64>

  func write(_ across: Taps, _ down: Taps, to scaled: UnsafeMutablePointer<UInt16>) {
    let (columnShares, rowShares) = (Self.shares(across), Self.shares(down))
    columnShares.withUnsafeBufferPointer { columnShares in
      rowShares.withUnsafeBufferPointer { rowShares in
        across.windows.withUnsafeBufferPointer { windows in
          guard let columnShares = columnShares.baseAddress, let rowShares = rowShares.baseAddress
          else { return }
          var pixel = scaled
          for rows in down.windows {
            let line = values + rows.first * stride
            for columns in windows {
              let corner = line + columns.first
              pixel.pointee =
                isUniform(corner, rows.count, columns.count)
                ? corner.pointee
                : winner(
                  corner, rows.count, columns.count, rowShares + rows.weights,
                  columnShares + columns.weights)
              pixel += 1
            }
          }
        }
      }
    }
  }

  /// The weights as whole numbers, so that equal areas are equal whatever order they are added in.
  private static func shares(_ taps: Taps) -> [UInt64] {
    taps.weights.map { UInt64(($0 * 65536).rounded()) }
  }

  private func isUniform(_ corner: UnsafePointer<UInt16>, _ rows: Int, _ columns: Int) -> Bool {
    let first = corner.pointee
    var row = corner
    for _ in 0..<rows {
      for i in 0..<columns where row[i] != first { return false }
      row += stride
    }
    return true
  }

  /// The value with most votes, of equals the smallest.
  private func winner(
    _ corner: UnsafePointer<UInt16>, _ rows: Int, _ columns: Int,
    _ rowShares: UnsafePointer<UInt64>, _ columnShares: UnsafePointer<UInt64>
  ) -> UInt16 {
    for j in 0..<rows {
      let row = corner + j * stride
      for i in 0..<columns { votes[Int(row[i])] += rowShares[j] * columnShares[i] }
    }
    var (winner, most) = (corner.pointee, UInt64(0))
    // A value is counted where it is met first; then its votes are cleared for the next pixel.
    for j in 0..<rows {
      let row = corner + j * stride
      for i in 0..<columns {
        let share = votes[Int(row[i])]
        if share > most || (share == most && row[i] < winner) { (winner, most) = (row[i], share) }
        votes[Int(row[i])] = 0
      }
    }
    return winner
  }
}
