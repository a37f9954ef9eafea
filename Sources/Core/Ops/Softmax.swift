/// Softmax along rows: p_i = exp(s·x_i − m) / Σ_j exp(s·x_j − m), with m = max s·x so that nothing overflows.
enum Softmax {
  /// Replaces each of `rows` rows of `count` values, which lie without gaps, by the softmax of `scale` (positive)
  /// times the row.
  static func apply(
    to values: UnsafeMutablePointer<Float>, rows: Int, count: Int, scale: Float = 1
  ) {
    for row in 0..<rows { apply(to: values + row * count, count: count, scale: scale) }
  }

  /// Replaces one row by its softmax.
  private static func apply(to row: UnsafeMutablePointer<Float>, count: Int, scale: Float) {
    let shift = maximum(row, count) * scale
    var sums = Lanes.zero
    var i = 0
    while i + 16 <= count {
      let e = exponential((row + i).lanes * scale - shift)
      (row + i).lanes = e
      sums += e
      i += 16
    }
    var total = sums.sum()
    if i < count {
      // The tail goes through the same polynomial, so that a value never depends on where in the row it stands.
      var tail = Lanes(repeating: 0)
      for j in i..<count { tail[j - i] = row[j] * scale - shift }
      let e = exponential(tail)
      for j in i..<count {
        row[j] = e[j - i]
        total += e[j - i]
      }
    }
    let share = 1 / total
    i = 0
    while i + 16 <= count {
      (row + i).lanes *= share
      i += 16
    }
    while i < count {
      row[i] *= share
      i += 1
    }
  }

  private static func maximum(_ row: UnsafeMutablePointer<Float>, _ count: Int) -> Float {
    var largest = row[0]
    var i = 0
    if count >= 16 {
      var lanes = row.lanes
      while i + 16 <= count {
        let value = (row + i).lanes
        lanes = lanes.replacing(with: value, where: value .> lanes)
        i += 16
      }
      largest = lanes.max()
    }
    while i < count {
      largest = max(largest, row[i])
      i += 1
    }
    return largest
  }
}
