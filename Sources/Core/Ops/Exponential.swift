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

/// ln x within 2·10⁻⁷ of max(1, |ln x|) for x up to 3·10³⁸; of what is below 10⁻³⁸, or 0, the logarithm of 10⁻³⁸.
///
/// x = 2ⁿ·m with √½ ≤ m < √2, and ln m = 2·artanh(s) with s = (m − 1) / (m + 1), |s| < 0.172, by its series up to s⁹
/// (remainder below 2·10⁻⁹ relative). ln 2 is added in the two parts of ``exponential(_:)``.
@inline(__always)
func logarithm(_ x: Lanes) -> Lanes {
  typealias Bits = SIMD16<UInt32>
  let x = x.atLeast(.leastNormalMagnitude)
  // Taking √½ from the bits leaves n in the exponent, and the bits of m / √½ below.
  let shifted = unsafeBitCast(x, to: Bits.self) &- 0x3f35_04f3
  let n = Lanes(unsafeBitCast(shifted, to: SIMD16<Int32>.self) &>> 23)
  let m = unsafeBitCast((shifted & 0x007f_ffff) &+ 0x3f35_04f3, to: Lanes.self)
  let s = (m - 1) / (m + 1)
  let square = s * s
  var p = Lanes(repeating: 2.0 / 9)
  p = p * square + 2.0 / 7
  p = p * square + 2.0 / 5
  p = p * square + 2.0 / 3
  p = p * square + 2
  return n * 0.693_359_375 + (p * s + n * -2.121_944_4e-4)
}
