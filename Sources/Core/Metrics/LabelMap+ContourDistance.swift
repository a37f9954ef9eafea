extension LabelMap {
  /// How far each pixel is from the nearest pixel with another value, in chessboard distance: 1 beside a contour.
  ///
  /// With `frameIsContour` all that lies outside of the map has another value, so that its border pixels have 1. Where there
  /// is no other value the distance is `UInt16.max`. Values ≤ d are what d erosions with a 3 × 3 square take from the
  /// mask of each value. Two passes over the rows give the exact distance (Rosenfeld and Pfaltz, "Distance
  /// functions on digital pictures", Pattern Recognition 1968), for all values at once: a neighbour with another value has
  /// distance 0 from itself.
  public func contourDistance(frameIsContour: Bool) -> [UInt16] {
    var distance = [UInt16](repeating: frameIsContour ? 1 : .max, count: values.count)
    guard width > 0 && height > 0 else { return distance }
    distance.withUnsafeMutableBufferPointer { distance in
      values.withUnsafeBufferPointer { values in
        guard let distance = distance.baseAddress, let values = values.baseAddress else { return }
        let border = frameIsContour ? 1 : 0
        guard width > 2 * border && height > 2 * border else { return }
        let (rows, columns) = (border..<(height - border), border..<(width - border))
        func row(_ y: Int) -> Row {
          Row(distance: distance + y * width, values: values + y * width, width: width)
        }
        for y in rows {
          row(y).reset(columns)
          if y > 0 { row(y).approach(row(y - 1), columns) }
          row(y).sweepRight(columns)
        }
        for y in rows.reversed() {
          if y < height - 1 { row(y).approach(row(y + 1), columns) }
          row(y).sweepLeft(columns)
        }
      }
    }
    return distance
  }

  /// A row of the map and of the distances that are being found.
  private struct Row {
    let distance: UnsafeMutablePointer<UInt16>
    let values: UnsafePointer<UInt16>
    let width: Int

    func reset(_ columns: Range<Int>) {
      (distance + columns.lowerBound).update(repeating: .max, count: columns.count)
    }

    /// Takes the ways through the three neighbours in the row above or below; each loop is vectorised.
    func approach(_ other: Row, _ columns: Range<Int>) {
      for dx in -1...1 {
        let (from, to) = (max(columns.lowerBound, -dx), min(columns.upperBound, width - dx))
        guard from < to else { continue }
        for x in from..<to {
          let way = Self.way(other.values[x + dx] == values[x], other.distance[x + dx])
          distance[x] = min(distance[x], way)
        }
      }
    }

    /// Takes the ways through the left neighbour.
    func sweepRight(_ columns: Range<Int>) {
      guard let first = columns.first(where: { $0 > 0 }) else { return }
      var nearest = distance[first - 1]
      for x in first..<columns.upperBound {
        nearest = min(distance[x], Self.way(values[x - 1] == values[x], nearest))
        distance[x] = nearest
      }
    }

    /// Takes the ways through the right neighbour.
    func sweepLeft(_ columns: Range<Int>) {
      guard let first = columns.last(where: { $0 < width - 1 }) else { return }
      var nearest = distance[first + 1]
      for x in (columns.lowerBound...first).reversed() {
        nearest = min(distance[x], Self.way(values[x + 1] == values[x], nearest))
        distance[x] = nearest
      }
    }

    @inline(__always)
    static func way(_ isSame: Bool, _ distance: UInt16) -> UInt16 {
      isSame ? min(distance, .max - 1) &+ 1 : 1
    }
  }
}
