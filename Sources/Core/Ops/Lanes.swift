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

extension Lanes {
  /// The larger of each lane and `bound`; `replacing` compiles to one instruction where `pointwiseMax` does not.
  @inline(__always)
  func atLeast(_ bound: Float) -> Lanes { replacing(with: bound, where: self .< bound) }

  /// The smaller of each lane and `bound`.
  @inline(__always)
  func atMost(_ bound: Float) -> Lanes { replacing(with: bound, where: self .> bound) }
}
