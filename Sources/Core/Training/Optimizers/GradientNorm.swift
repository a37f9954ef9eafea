/// The L2 norm of gradients, for clipping and reports.
public enum GradientNorm {
  /// Values that are summed together; the sums are added in their order, so the norm does not depend on threads.
  private static let block = 1 << 14

  /// √Σ g² over the values of `ranges`, summed in double precision.
  public static func norm(
    of gradients: UnsafePointer<Float>, _ ranges: [Range<Int>], threads: Threads
  ) -> Double {
    let runs = ranges.flatMap { range in
      EvenBlocks(range.count, of: 8, upTo: block).map {
        (range.lowerBound + $0.lowerBound, $0.count)
      }
    }
    let sums = [Double](unsafeUninitializedCapacity: runs.count) { sums, count in
      nonisolated(unsafe) let sums = sums
      threads.forEach(runs.count) { i, _ in
        sums.initializeElement(at: i, to: squares(gradients + runs[i].0, runs[i].1))
      }
      count = runs.count
    }
    return sums.reduce(0, +).squareRoot()
  }

  /// Σ g² of `count` values.
  private static func squares(_ values: UnsafePointer<Float>, _ count: Int) -> Double {
    var sums = SIMD8<Double>()
    for i in stride(from: 0, to: count - count % 8, by: 8) {
      let g = SIMD8<Double>(UnsafeRawPointer(values + i).loadUnaligned(as: SIMD8<Float>.self))
      sums += g * g
    }
    var rest = 0.0
    for i in (count - count % 8)..<count { rest += Double(values[i]) * Double(values[i]) }
    return sums.sum() + rest
  }

  /// The factor that brings gradients of `norm` down to `maximum`: min(1, maximum / norm).
  public static func clippingFactor(norm: Double, maximum: Double) -> Double {
    norm > maximum ? maximum / norm : 1
  }

  /// The number of the first of `ranges` that holds a NaN or an infinity, and that value; `nil` where all are finite.
  public static func firstNonFinite(
    in gradients: UnsafePointer<Float>, _ ranges: [Range<Int>]
  ) -> (index: Int, value: Float)? {
    for (index, range) in ranges.enumerated() {
      let values = UnsafeBufferPointer(start: gradients + range.lowerBound, count: range.count)
      if let at = firstNonFiniteIndex(in: values) { return (index, values[at]) }
    }
    return nil
  }
}
