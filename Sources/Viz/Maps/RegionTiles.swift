import Core

extension LabelMap {
  /// Which tiles of a grid over a crop lie in the region of `value`, row by row: those with most of nine points in it.
  ///
  /// Only the points are read, so the cost is that of the grid, whatever the size of the map.
  public func tiles(of value: UInt16, columns: Int, rows: Int, crop: Crop? = nil) -> [Bool] {
    precondition(columns > 0 && rows > 0, "cannot cut a map into \(columns)×\(rows) tiles")
    let crop = crop ?? Crop(self)
    func points(_ count: Int, _ start: Double, _ length: Double, _ limit: Int) -> [Int] {
      (0..<(3 * count)).map { i in
        let place = start + (Double(i) + 0.5) / Double(3 * count) * length
        return min(max(Int(place), 0), limit - 1)
      }
    }
    let across = points(columns, crop.x, crop.width, width)
    let down = points(rows, crop.y, crop.height, height)
    var votes = [UInt8](repeating: 0, count: columns * rows)
    values.withUnsafeBufferPointer { values in
      for (i, y) in down.enumerated() {
        for (j, x) in across.enumerated() where values[y * width + x] == value {
          votes[i / 3 * columns + j / 3] += 1
        }
      }
    }
    return votes.map { $0 > 4 }
  }
}
