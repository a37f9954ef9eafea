import TestSupport
import Testing

@testable import Core

@Suite struct HalfPrecisionTests {
  @Test func everyF16Widens() {
    for pattern in UInt16.min...UInt16.max {
      let expected = Float(Float16(bitPattern: pattern))
      let found = HalfPrecision.float(f16: pattern)
      if expected.isNaN {
        #expect(found.isNaN && found.sign == expected.sign)
      } else {
        #expect(found.bitPattern == expected.bitPattern)
      }
    }
  }

  @Test func everyF16SurvivesTheRoundTrip() {
    for pattern in UInt16.min...UInt16.max {
      let found = HalfPrecision.f16(HalfPrecision.float(f16: pattern))
      let isNaN = Float16(bitPattern: pattern).isNaN
      #expect(found == (isNaN ? pattern | 0x0200 : pattern))  // a NaN becomes quiet
    }
  }

  @Test func f16RoundsToNearestTiesToEvenAtEveryBoundary() {
    for pattern in UInt16(0)..<0x7C00 {  // between each finite value and the next
      let below = HalfPrecision.float(f16: pattern)
      let above = pattern == 0x7BFF ? 65536 : HalfPrecision.float(f16: pattern + 1)
      let tie = (below + above) / 2  // exact: one more bit than binary16 has
      let even = pattern % 2 == 0 ? pattern : pattern + 1
      for sign in [UInt16(0), 0x8000] {
        let factor: Float = sign == 0 ? 1 : -1
        #expect(HalfPrecision.f16(factor * tie) == even | sign)
        #expect(HalfPrecision.f16(factor * tie.nextDown) == pattern | sign)
        #expect(HalfPrecision.f16(factor * tie.nextUp) == (pattern + 1) | sign)
      }
    }
  }

  @Test func f16AgreesWithSwiftOnAnyPattern() {
    var random = SeededRandom(seed: 2)
    let special: [Float] = [
      0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
    ]
    let patterns = (0..<1_000_000).map { _ in UInt32.random(in: .min ... .max, using: &random) }
    var differences = 0
    for value in special + patterns.map(Float.init(bitPattern:)) {
      let expected = Float16(value)
      let found = Float16(bitPattern: HalfPrecision.f16(value))
      let isSame = expected.isNaN ? found.isNaN : found.bitPattern == expected.bitPattern
      if !isSame { differences += 1 }
    }
    #expect(differences == 0)
  }

  @Test func everyBF16SurvivesTheRoundTrip() {
    for pattern in UInt16.min...UInt16.max {
      let value = HalfPrecision.float(bf16: pattern)
      #expect(value.bitPattern == UInt32(pattern) << 16)
      #expect(HalfPrecision.bf16(value) == (value.isNaN ? pattern | 0x40 : pattern))
    }
  }

  @Test func bf16RoundsToNearestTiesToEvenAtEveryBoundary() {
    for pattern in UInt16(0)..<0x7F80 {
      let tie = Float(bitPattern: UInt32(pattern) << 16 | 0x8000)
      let even = pattern % 2 == 0 ? pattern : pattern + 1
      for sign in [UInt16(0), 0x8000] {
        let factor: Float = sign == 0 ? 1 : -1
        #expect(HalfPrecision.bf16(factor * tie) == even | sign)
        #expect(HalfPrecision.bf16(factor * tie.nextDown) == pattern | sign)
        #expect(HalfPrecision.bf16(factor * tie.nextUp) == (pattern + 1) | sign)
      }
    }
  }

  /// A NaN whose payload lies in the bits that are cut off must not become infinite.
  @Test(arguments: [0x7F80_0001, 0xFF80_0001, 0x7FFF_FFFF, 0xFFFF_FFFF] as [UInt32])
  func nanStaysNaN(pattern: UInt32) {
    let nan = Float(bitPattern: pattern)
    #expect(HalfPrecision.float(f16: HalfPrecision.f16(nan)).isNaN)
    #expect(HalfPrecision.float(bf16: HalfPrecision.bf16(nan)).isNaN)
    #expect(HalfPrecision.f16(nan) >> 15 == UInt16(pattern >> 31))
    #expect(HalfPrecision.bf16(nan) >> 15 == UInt16(pattern >> 31))
  }

  @Test(arguments: [0, 1, 15, 16, 17, 31, 1009])
  func bulkEqualsValueByValueOnUnalignedData(count: Int) {
    var random = SeededRandom(seed: UInt64(count))
    let halves = (0..<count).map { _ in UInt16.random(in: .min ... .max, using: &random) }
    let bytes: [UInt8] = [0] + halves.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    var f16 = [Float](repeating: 0, count: count + 1)
    var bf16 = f16
    bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      f16.withUnsafeMutableBufferPointer {
        HalfPrecision.widen(f16: start + 1, to: $0.baseAddress!, count)
      }
      bf16.withUnsafeMutableBufferPointer {
        HalfPrecision.widen(bf16: start + 1, to: $0.baseAddress!, count)
      }
    }
    #expect(f16.map(\.bitPattern) == halves.map { HalfPrecision.float(f16: $0).bitPattern } + [0])
    #expect(bf16.map(\.bitPattern) == halves.map { HalfPrecision.float(bf16: $0).bitPattern } + [0])
  }
}
