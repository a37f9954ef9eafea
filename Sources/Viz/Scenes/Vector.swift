/// A point or direction in metres (x right, y up, z along the street), or a colour in linear light.
typealias Vector3 = SIMD3<Float>
/// A point in the plane of a surface, metres.
typealias Vector2 = SIMD2<Float>

extension SIMD3<Float> {
  /// Straight up.
  static var upward: Vector3 { Vector3(0, 1, 0) }

  /// The scalar product, summed in a fixed order so that every machine agrees.
  @inline(__always) func dot(_ b: Vector3) -> Float { x * b.x + y * b.y + z * b.z }

  /// The vector product.
  @inline(__always) func cross(_ b: Vector3) -> Vector3 {
    Vector3(y * b.z - z * b.y, z * b.x - x * b.z, x * b.y - y * b.x)
  }

  @inline(__always) var length: Float { dot(self).squareRoot() }

  /// The unit vector of the same direction; the zero vector stays zero.
  @inline(__always) var normalized: Vector3 {
    let l = length
    return l > 0 ? self / l : self
  }
}

/// A colour in linear light from display values `0…255`, with a display gamma of 2: squares and
/// square roots are exact on every machine, powers are not.
func colour(_ red: Float, _ green: Float, _ blue: Float) -> Vector3 {
  let display = Vector3(red, green, blue) / 255
  return display * display
}

@inline(__always) func mix(_ a: Float, _ b: Float, _ t: Float) -> Float { a + (b - a) * t }
@inline(__always) func mix(_ a: Vector3, _ b: Vector3, _ t: Float) -> Vector3 { a + (b - a) * t }

/// `value` limited to `[0, 1]`.
@inline(__always) func saturate(_ value: Float) -> Float { min(max(value, 0), 1) }

/// 0 below `low`, 1 above `high`, a cubic in between.
@inline(__always) func smoothstep(_ low: Float, _ high: Float, _ value: Float) -> Float {
  let t = saturate((value - low) / (high - low))
  return t * t * (3 - 2 * t)
}

/// The largest whole number not above `value`, which must fit 32 bits.
@inline(__always) func floorIndex(_ value: Float) -> Int32 {
  let truncated = Int32(value)
  return Float(truncated) > value ? truncated - 1 : truncated
}

/// `value` modulo `period`, in `[0, period)`.
@inline(__always) func wrap(_ value: Float, _ period: Float) -> Float {
  value - period * Float(floorIndex(value / period))
}

/// Cosine and sine of an angle in turns.
///
/// A Taylor polynomial on an eighth of a turn (error below 1e-6) instead of the C library, whose
/// last digits differ between machines.
func unitCircle(_ turns: Float) -> (cos: Float, sin: Float) {
  let quarter = floorIndex(turns * 4 + 0.5)
  let a = (turns - Float(quarter) / 4) * 6.283_185_3
  let a2 = a * a
  let c = 1 - a2 * (0.5 - a2 * (1 / 24 - a2 * (1 / 720 - a2 / 40_320)))
  let s = a * (1 - a2 * (1 / 6 - a2 * (1 / 120 - a2 / 5_040)))
  switch quarter & 3 {
  case 0: return (c, s)
  case 1: return (-s, c)
  case 2: return (-c, -s)
  default: return (s, -c)
  }
}
