import Core

/// Which input samples an output sample covers along one axis, and how much of each.
private struct Coverage {
  let start: Int
  let shares: [Float]

  /// The coverage of each of `scaled` outputs by `size` inputs; shares of an output add up to 1.
  static func along(_ size: Int, scaled: Int) -> [Coverage] {
    let step = Double(size) / Double(scaled)
    return (0..<scaled).map { i in
      let (from, to) = (Double(i) * step, Double(i + 1) * step)
      let first = min(Int(from), size - 1)
      let last = min(max(first, Int(to.rounded(.up)) - 1), size - 1)
      let shares = (first...last).map { sample in
        Float((min(to, Double(sample + 1)) - max(from, Double(sample))) / step)
      }
      return Coverage(start: first, shares: shares)
    }
  }
}

extension Picture {
  /// The picture at another size: each pixel is the mean light of the area that it covers.
  public func areaScaled(width scaledWidth: Int, height scaledHeight: Int) -> Picture {
    precondition(
      scaledWidth > 0 && scaledHeight > 0, "cannot scale to \(scaledWidth)×\(scaledHeight)")
    let across = Coverage.along(width, scaled: scaledWidth)
    let down = Coverage.along(height, scaled: scaledHeight)
    var scaled = Picture(width: scaledWidth, height: scaledHeight)
    var row = [Float](repeating: 0, count: 3 * width)
    LinearLight.ofSample.withUnsafeBufferPointer { light in
      samples.withUnsafeBufferPointer { samples in
        for (y, rows) in down.enumerated() {
          for i in row.indices { row[i] = 0 }
          row.withUnsafeMutableBufferPointer { row in
            for (offset, share) in rows.shares.enumerated() {
              let line = (rows.start + offset) * 3 * width
              for i in 0..<(3 * width) { row[i] += share * light[Int(samples[line + i])] }
            }
          }
          for (x, columns) in across.enumerated() {
            for channel in 0..<3 {
              var sum: Float = 0
              for (offset, share) in columns.shares.enumerated() {
                sum += share * row[3 * (columns.start + offset) + channel]
              }
              scaled.samples[3 * (y * scaledWidth + x) + channel] = LinearLight.sample(sum)
            }
          }
        }
      }
    }
    return scaled
  }
}

extension LabelMap {
  /// The map at another size: each pixel is the value that covers most of its area, so no value is invented.
  ///
  /// Of values with equal shares the smallest wins.
  public func majorityScaled(width scaledWidth: Int, height scaledHeight: Int) -> LabelMap {
    precondition(
      scaledWidth > 0 && scaledHeight > 0, "cannot scale to \(scaledWidth)×\(scaledHeight)")
    let across = Coverage.along(width, scaled: scaledWidth)
    let down = Coverage.along(height, scaled: scaledHeight)
    var scaled: [UInt16] = []
    scaled.reserveCapacity(scaledWidth * scaledHeight)
    for rows in down {
      for columns in across {
        var votes: [UInt16: Float] = [:]
        for (j, rowShare) in rows.shares.enumerated() {
          for (i, columnShare) in columns.shares.enumerated() {
            let value = values[(rows.start + j) * width + columns.start + i]
            votes[value, default: 0] += rowShare * columnShare
          }
        }
        let winner = votes.max { ($0.value, $1.key) < ($1.value, $0.key) }
        scaled.append(winner?.key ?? 0)
      }
    }
    return LabelMap(width: scaledWidth, height: scaledHeight, values: scaled)
  }
}
