/// Which patch each sample of a band of rows shows: a depth buffer with patch numbers.
///
/// Pictures are drawn band by band, so that the memory in use does not grow with their height.
struct VisibilityBuffer {
  let width, rows: Int
  /// The number of samples' first row in the image.
  private(set) var top = 0
  private(set) var nearness: [Float]
  /// Index into the patches, −1 where nothing stands.
  private(set) var patch: [Int32]

  init(width: Int, rows: Int) {
    self.width = width
    self.rows = rows
    nearness = [Float](repeating: 0, count: width * rows)
    patch = [Int32](repeating: -1, count: width * rows)
  }

  /// Draws all patches into the band that starts at row `top`; later patches yield at equal depth.
  mutating func draw(
    _ patches: [Patch], fromRow top: Int, for purpose: Purpose
  ) {
    self.top = top
    let bandLow = Float(top)
    let bandHigh = Float(top + rows)
    let (width, rows) = (width, rows)
    nearness.withUnsafeMutableBufferPointer { nearness in
      patch.withUnsafeMutableBufferPointer { numbers in
        nearness.update(repeating: -.infinity)
        numbers.update(repeating: -1)
        guard let nearness = nearness.baseAddress, let numbers = numbers.baseAddress else { return }
        // By index, since most patches miss the band and copying them would cost more than that.
        for number in patches.indices
        where patches[number].high.y > bandLow && patches[number].low.y < bandHigh {
          let patch = patches[number]
          patch.outline.withUnsafeBufferPointer { corners in
            VisibilityBuffer.fill(
              corners, patch.face.view, patch.cut, purpose, Int32(number), nearness, numbers,
              width: width,
              rows: rows, top: top)
          }
        }
      }
    }
  }

  /// Scan conversion by the even-odd rule: a sample belongs to a polygon that holds its centre.
  private static func fill(
    _ corners: UnsafeBufferPointer<Vector2>, _ view: PlaneView, _ cut: Cut, _ purpose: Purpose,
    _ number: Int32, _ nearness: UnsafeMutablePointer<Float>,
    _ numbers: UnsafeMutablePointer<Int32>, width: Int, rows: Int, top: Int
  ) {
    var low = corners[0].y
    var high = low
    for corner in corners {
      low = min(low, corner.y)
      high = max(high, corner.y)
    }
    let first = max(top, firstCentre(low, limit: top + rows))
    let last = min(top + rows, firstCentre(high, limit: top + rows))
    if first >= last { return }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: corners.count) { crossings in
      for row in first..<last {
        let y = Float(row) + 0.5
        var count = 0
        var previous = corners[corners.count - 1]
        for corner in corners {
          if (corner.y > y) != (previous.y > y) {
            let x =
              previous.x + (corner.x - previous.x) * ((y - previous.y) / (corner.y - previous.y))
            var slot = count
            while slot > 0 && crossings[slot - 1] > x {
              crossings[slot] = crossings[slot - 1]
              slot -= 1
            }
            crossings[slot] = x
            count += 1
          }
          previous = corner
        }
        let base = (row - top) * width
        for pair in stride(from: 0, to: count - 1, by: 2) {
          let start = firstCentre(crossings[pair], limit: width)
          let end = firstCentre(crossings[pair + 1], limit: width)
          if start < end {
            span(
              view, cut, purpose, number, nearness + base, numbers + base, start..<end, y)
          }
        }
      }
    }
  }

  /// One row of one polygon: nearer samples that the cut covers are taken over.
  @inline(__always) private static func span(
    _ view: PlaneView, _ cut: Cut, _ purpose: Purpose, _ number: Int32,
    _ nearness: UnsafeMutablePointer<Float>, _ numbers: UnsafeMutablePointer<Int32>,
    _ columns: Range<Int>, _ y: Float
  ) {
    let keyStart = view.nearness.y * y + view.nearness.z
    if case .whole = cut {
      for column in columns {
        let key = view.nearness.x * (Float(column) + 0.5) + keyStart
        if key > nearness[column] {
          nearness[column] = key
          numbers[column] = number
        }
      }
      return
    }
    for column in columns {
      let x = Float(column) + 0.5
      let key = view.nearness.x * x + keyStart
      if key > nearness[column] {
        let (u, v, _) = view.place(x, y)
        if cut.covers(u, v, for: purpose) {
          nearness[column] = key
          numbers[column] = number
        }
      }
    }
  }

  /// The first index whose centre (index + 0.5) is not below `edge`, within `0…limit`.
  @inline(__always) private static func firstCentre(_ edge: Float, limit: Int) -> Int {
    if edge <= 0.5 { return 0 }
    if edge >= Float(limit) + 0.5 { return limit }
    let below = Int(edge - 0.5)
    return Float(below) < edge - 0.5 ? below + 1 : below
  }
}
