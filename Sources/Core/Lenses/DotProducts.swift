/// Dot products over the cells of a grid, in the order that any number of threads gives the same bits.
enum DotProducts {
  /// What `value` makes of each cell, whose first float it is given the place of.
  static func each(
    _ shape: Shape, threads: Threads, _ value: (_ place: Int) -> Float
  ) -> [Float] {
    let cells = shape.n * shape.h * shape.w
    return [Float](unsafeUninitializedCapacity: cells) { output, count in
      nonisolated(unsafe) let output = output
      threads.forEach(cells, by: 512) { chunk, _ in
        for cell in chunk { output[cell] = value(cell * shape.c) }
      }
      count = cells
    }
  }

  /// Σ a_c · b_c of `count` values each.
  @inline(__always)
  static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
    // Two sums side by side hide most of the addition's latency.
    var (even, odd) = (Lanes.zero, Lanes.zero)
    var c = 0
    while c + 32 <= count {
      even += (a + c).lanes * (b + c).lanes
      odd += (a + c + 16).lanes * (b + c + 16).lanes
      c += 32
    }
    if c + 16 <= count {
      even += (a + c).lanes * (b + c).lanes
      c += 16
    }
    var sum = (even + odd).sum()
    while c < count {
      sum += a[c] * b[c]
      c += 1
    }
    return sum
  }
}
