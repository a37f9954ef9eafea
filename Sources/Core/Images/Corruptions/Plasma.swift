/// A texture of clouds: sums of ever finer noise, ever weaker.
enum Plasma {
  /// Values from 0 to 1, both of which occur unless there is one pixel.
  ///
  /// The coarsest octave has one cell over the longer side, rounded up to a power of two; each next one has twice as
  /// many and 1/`decay` of the amplitude, down to single pixels. ImageNet-C takes the diamond-square algorithm of the same
  /// octaves.
  static func values(
    width: Int, height: Int, decay: Float, _ random: inout SplitMix64
  ) -> [Float] {
    var values = [Float](repeating: 0, count: width * height)
    var cell = 1
    while cell < max(width, height) { cell *= 2 }
    var amplitude: Float = 1
    while cell >= 1 {
      let (columns, rows) = (width / cell + 2, height / cell + 2)
      let grid = (0..<(columns * rows)).map { _ in amplitude * (2 * random.share() - 1) }
      for y in 0..<height {
        for x in 0..<width {
          values[y * width + x] += interpolated(
            grid, columns: columns, x: Float(x) / Float(cell), y: Float(y) / Float(cell))
        }
      }
      amplitude /= decay
      cell /= 2
    }
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    return high > low ? values.map { ($0 - low) / (high - low) } : values.map { _ in 0 }
  }

  /// The value of a grid at (x, y), linearly between its points; the grid reaches one point beyond.
  @inline(__always)
  static func interpolated(_ grid: [Float], columns: Int, x: Float, y: Float) -> Float {
    let (left, top) = (Int(x), Int(y))
    let (u, v) = (x - Float(left), y - Float(top))
    let i = top * columns + left
    let upper = grid[i] + u * (grid[i + 1] - grid[i])
    let lower = grid[i + columns] + u * (grid[i + columns + 1] - grid[i + columns])
    return upper + v * (lower - upper)
  }
}
