/// Conversions between `Float` and the two 16-bit float types, value by value and in bulk.
///
/// Written on bit patterns and without branches, so that the loops run as vector instructions on any
/// x86-64; `Float16` itself becomes a library call per value there.
enum HalfPrecision {
  /// The value of an IEEE 754 binary16; NaNs keep their sign and payload.
  @inline(__always)
  static func float(f16 half: UInt16) -> Float {
    let shifted = UInt32(half & 0x7FFF) << 13
    let exponent = shifted & 0x0F80_0000
    let rebased = shifted &+ (127 - 15) << 23
    let infiniteOrNaN = rebased &+ (128 - 16) << 23
    // A subnormal is its mantissa in units of 2⁻²⁴: exact as (2⁻¹⁴ + mantissa) − 2⁻¹⁴.
    let subnormal = (Float(bitPattern: rebased &+ 1 << 23) - 0x1p-14).bitPattern
    let magnitude =
      exponent == 0x0F80_0000 ? infiniteOrNaN : exponent == 0 ? subnormal : rebased
    return Float(bitPattern: magnitude | UInt32(half & 0x8000) << 16)
  }

  /// The value of a bfloat16.
  @inline(__always)
  static func float(bf16 half: UInt16) -> Float {
    Float(bitPattern: UInt32(half) << 16)
  }

  /// The binary16 nearest to `value`, ties to even; beyond ±65520 infinite; NaNs become quiet.
  @inline(__always)
  static func f16(_ value: Float) -> UInt16 {
    let sign = value.bitPattern & 0x8000_0000
    let bits = value.bitPattern ^ sign
    let normal = (bits &- (127 - 15) << 23 &+ 0xFFF &+ (bits >> 13 & 1)) >> 13
    // Below 2⁻¹⁴, adding ½ makes the unit in the last place 2⁻²⁴, and the addition itself rounds.
    let subnormal = (Float(bitPattern: bits) + 0.5).bitPattern &- Float(0.5).bitPattern
    let nan = 0x7E00 | (bits >> 13 & 0x3FF)
    let magnitude =
      bits > 0x7F80_0000
      ? nan
      : bits >= (127 + 16) << 23 ? 0x7C00 : bits < (127 - 14) << 23 ? subnormal : normal
    return UInt16(truncatingIfNeeded: magnitude | sign >> 16)
  }

  /// The bfloat16 nearest to `value`, ties to even; NaNs become quiet.
  @inline(__always)
  static func bf16(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    let rounded = (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16
    let isNaN = bits & 0x7FFF_FFFF > 0x7F80_0000
    return UInt16(truncatingIfNeeded: isNaN ? bits >> 16 | 0x40 : rounded)
  }

  /// Widens `count` binary16 values, aligned or not.
  static func widen(
    f16 source: UnsafeRawPointer, to floats: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    for i in 0..<count {
      floats[i] = float(f16: source.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self))
    }
  }

  /// Widens `count` bfloat16 values, aligned or not.
  static func widen(
    bf16 source: UnsafeRawPointer, to floats: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    for i in 0..<count {
      floats[i] = float(bf16: source.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self))
    }
  }

  /// Rounds `count` values to binary16.
  static func round(
    _ floats: UnsafePointer<Float>, toF16 target: UnsafeMutableRawPointer, _ count: Int
  ) {
    for i in 0..<count {
      target.storeBytes(of: f16(floats[i]), toByteOffset: 2 * i, as: UInt16.self)
    }
  }

  /// Rounds `count` values to bfloat16.
  static func round(
    _ floats: UnsafePointer<Float>, toBF16 target: UnsafeMutableRawPointer, _ count: Int
  ) {
    for i in 0..<count {
      target.storeBytes(of: bf16(floats[i]), toByteOffset: 2 * i, as: UInt16.self)
    }
  }

  /// `values` as elements of a file: F32, F16 or BF16, little endian.
  static func bytes(of values: UnsafeBufferPointer<Float>, as dtype: DType) -> [UInt8] {
    let size = values.count * dtype.bits / 8
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = size
      guard let source = values.baseAddress, let target = buffer.baseAddress else { return }
      switch dtype {
      case .f16: round(source, toF16: target, values.count)
      case .bf16: round(source, toBF16: target, values.count)
      default:
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(values))
      }
    }
  }
}
