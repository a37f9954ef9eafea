extension ConvolutionGeometry {
  /// The kernel's shape in a checkpoint: outputs, inputs per group, height, width.
  var kernelShape: [Int] { [outputs, inputs / groups, kernelHeight, kernelWidth] }

  /// A checkpoint's kernel (OIHW) in the order that products want (HWIO), output channel o multiplied by `scale[o]`.
  func channelsLast(_ kernel: UnsafeBufferPointer<Float>, scale: [Float]?) -> [Float] {
    let taps = kernelHeight * kernelWidth
    let row = inputs / groups * taps
    return [Float](unsafeUninitializedCapacity: kernel.count) { buffer, count in
      count = kernel.count
      guard let source = kernel.baseAddress, let target = buffer.baseAddress else { return }
      for first in Swift.stride(from: 0, to: outputs, by: 16) {
        let width = min(16, outputs - first)
        var factors = SIMD16<Float>(repeating: 1)
        if let scale { for o in 0..<width { factors[o] = scale[first + o] } }
        transpose(
          source + first * row, rows: width, factors, row: row, taps: taps, into: target + first)
      }
    }
  }

  /// Up to 16 output channels, `[rows, inputs, taps]`, times a factor each, as columns of `[taps, inputs, outputs]`.
  private func transpose(
    _ source: UnsafePointer<Float>, rows: Int, _ factors: SIMD16<Float>, row: Int, taps: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    // Through a small tile: rows often lie a power of two apart, where they would drive each other out of the cache.
    let length = 64
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 16 * length) { tile in
      tile.initialize(repeating: 0)
      guard let tile = tile.baseAddress else { return }
      for start in Swift.stride(from: 0, to: row, by: length) {
        let count = min(length, row - start)
        for o in 0..<rows {
          (tile + o * length).update(from: source + o * row + start, count: count)
        }
        var (k, tap) = start.quotientAndRemainder(dividingBy: taps)
        for i in 0..<count {
          var values = SIMD16<Float>()
          for o in 0..<16 { values[o] = tile[o * length + i] }
          values *= factors
          let column = target + (tap * (row / taps) + k) * outputs
          if rows == 16 {
            column.lanes = values
          } else {
            for o in 0..<rows { column[o] = values[o] }
          }
          tap += 1
          if tap == taps { (k, tap) = (k + 1, 0) }
        }
      }
    }
  }
}
