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

/// eˣ within 2 units in the last place for x in [−87, 88]; below −87 about 10⁻³⁸, above 88 about 10³⁸.
///
/// x = n·ln 2 + r with integer n and |r| ≤ ln 2 / 2; eʳ by its Taylor polynomial of degree 7 (remainder below 6·10⁻⁹
/// relative), 2ⁿ by writing the exponent bits. ln 2 is subtracted in two parts (Cody and Waite) so that r is exact.
@inline(__always)
func exponential(_ x: Lanes) -> Lanes {
  let x = x.atLeast(-87).atMost(88)
  // Adding 1.5·2²³ leaves the nearest integer in the low bits: rounding without SSE4.1's instruction.
  let magic: Float = 12_582_912
  let shifted = x * 1.442_695_04 + magic
  let n = shifted - magic
  let r = (x - n * 0.693_359_375) - n * -2.121_944_4e-4
  var p = Lanes(repeating: 1.0 / 5040)
  p = p * r + 1.0 / 720
  p = p * r + 1.0 / 120
  p = p * r + 1.0 / 24
  p = p * r + 1.0 / 6
  p = p * r + 0.5
  p = p * r + 1
  p = p * r + 1
  let bits = unsafeBitCast(shifted, to: SIMD16<UInt32>.self) &+ 127
  return p * unsafeBitCast(bits &<< 23, to: Lanes.self)
}
