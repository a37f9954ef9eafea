/// The vector that leaf loops work in: one AVX-512 register, two of AVX2, four of SSE.
typealias Lanes = SIMD16<Float>

extension UnsafePointer<Float> {
  /// The sixteen values from here on.
  @inline(__always)
  var lanes: Lanes { UnsafeRawPointer(self).loadUnaligned(as: Lanes.self) }
}

extension UnsafeMutablePointer<Float> {
  /// The sixteen values from here on.
  @inline(__always)
  var lanes: Lanes {
    get { UnsafeRawPointer(self).loadUnaligned(as: Lanes.self) }
    nonmutating set { UnsafeMutableRawPointer(self).storeBytes(of: newValue, as: Lanes.self) }
  }
}

extension UnsafeMutablePointer<Float> {
  /// Copies `count` floats that do not overlap; of a few dozen it is quicker than a call of `memcpy`.
  @inline(__always)
  func updateRow(from source: UnsafePointer<Float>, count: Int) {
    var i = 0
    while i + 16 <= count {
      (self + i).lanes = (source + i).lanes
      i += 16
    }
    while i < count {
      self[i] = source[i]
      i += 1
    }
  }
}

extension Lanes {
  /// (1 − share)·a + share·b of the next `left` scores; lanes past the last one lose against any.
  @inline(__always)
  static func scores(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ share: Float, left: Int
  ) -> Lanes {
    let first = a.lanes
    return (first + (b.lanes - first) * share).replacing(with: -1e30, where: isPast(left))
  }

  /// Which lanes come after the first `count`.
  @inline(__always)
  static func isPast(_ count: Int) -> SIMDMask<SIMD16<Int32>> { numbers .>= Int32(count) }

  private static let numbers = SIMD16<Int32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)

  /// The larger of each lane and `bound`; `replacing` compiles to one instruction where `pointwiseMax` does not.
  @inline(__always)
  func atLeast(_ bound: Float) -> Lanes { replacing(with: bound, where: self .< bound) }

  /// The smaller of each lane and `bound`.
  @inline(__always)
  func atMost(_ bound: Float) -> Lanes { replacing(with: bound, where: self .> bound) }
}
