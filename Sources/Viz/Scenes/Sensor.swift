/// From light to the samples of a file: lens, exposure, tone curve, noise.
struct Sensor {
  let width, height: Int
  let exposure: Float
  let seed: UInt32

  /// The display value `0…255` of one pixel from its light.
  @inline(__always) func develop(_ light: Vector3, x: Int, y: Int) -> (UInt8, UInt8, UInt8) {
    // The corners are darker.
    let dx = (Float(x) + 0.5) / Float(width) - 0.5
    let dy = (Float(y) + 0.5) / Float(height) - 0.5
    let vignette = 1 - 0.42 * (dx * dx + dy * dy)
    let exposed = light * (exposure * vignette)
    // Shot noise grows with the root of the light, read noise does not; colours differ a little.
    let grain = Noise.bits(Int32(truncatingIfNeeded: x), Int32(truncatingIfNeeded: y), seed)
    let luma = Sensor.bell(grain) * 0.010
    let chroma = Vector3(
      Sensor.bell(grain &* 0x9E37_79B9), Sensor.bell(grain &* 0x85EB_CA6B),
      Sensor.bell(grain &* 0xC2B2_AE35))
    let tone = Vector3(Sensor.tone(exposed.x), Sensor.tone(exposed.y), Sensor.tone(exposed.z))
    let noisy = tone + luma + chroma * 0.004
    return (Sensor.byte(noisy.x), Sensor.byte(noisy.y), Sensor.byte(noisy.z))
  }

  /// Sum of the four bytes of a hash: a bell of mean 0 and reach ±1.
  @inline(__always) private static func bell(_ bits: UInt32) -> Float {
    let sum = (bits & 255) + (bits >> 8 & 255) + (bits >> 16 & 255) + (bits >> 24)
    return Float(Int32(sum) - 510) / 510
  }

  /// The camera's curve: display gamma 2, deep shadows crushed a little, a shoulder for the sky.
  @inline(__always) private static func tone(_ light: Float) -> Float {
    let x = max(0, light)
    let root = (x * (1 + 0.25 * x) / (1 + 0.34 * x)).squareRoot()
    return root * (0.94 + 0.06 * min(root, 1))
  }

  @inline(__always) private static func byte(_ value: Float) -> UInt8 {
    UInt8(saturate(value) * 255 + 0.5)
  }
}
