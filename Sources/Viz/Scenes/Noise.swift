/// Value noise on integer lattices: random numbers hashed from the lattice point, smoothly joined.
enum Noise {
  /// 32 well-mixed bits of a lattice point.
  @inline(__always) static func bits(_ x: Int32, _ y: Int32, _ seed: UInt32) -> UInt32 {
    var h = UInt32(bitPattern: x) &* 0x8DA6_B343
    h ^= UInt32(bitPattern: y) &* 0xD816_3841
    h ^= seed &* 0xCB1A_B31F
    h ^= h >> 15
    h &*= 0x2C1B_3C6D
    return h ^ (h >> 13)
  }

  /// A number in `[0, 1)` for a lattice point.
  @inline(__always) static func cell(_ x: Int32, _ y: Int32, _ seed: UInt32) -> Float {
    Float(bits(x, y, seed) >> 8) * 0x1p-24
  }

  /// Smooth noise in `[0, 1)` with features of size 1.
  @inline(__always) static func value(_ x: Float, _ y: Float, _ seed: UInt32) -> Float {
    let i = floorIndex(x)
    let j = floorIndex(y)
    let u = x - Float(i)
    let v = y - Float(j)
    let s = u * u * (3 - 2 * u)
    let t = v * v * (3 - 2 * v)
    let top = mix(cell(i, j, seed), cell(i + 1, j, seed), s)
    let bottom = mix(cell(i, j + 1, seed), cell(i + 1, j + 1, seed), s)
    return mix(top, bottom, t)
  }

  /// A sum of octaves in `[0, 1)`: each doubles the frequency and halves the amplitude.
  @inline(__always) static func fractal(
    _ x: Float, _ y: Float, octaves: Int, _ seed: UInt32
  ) -> Float {
    var sum: Float = 0
    var amplitude: Float = 0.5
    var total: Float = 0
    var scale: Float = 1
    for octave in 0..<octaves {
      sum += amplitude * value(x * scale, y * scale, seed &+ UInt32(octave))
      total += amplitude
      amplitude *= 0.5
      scale *= 2.03
    }
    return sum / total
  }
}
