/// The face of a sign; u and v count from its centre, metres.
enum SignFace {
  /// A white disc with a red rim and a figure.
  case limit(radius: Float)
  /// A blue disc with a white arrow.
  case keepLeft(radius: Float)
  /// A white field with a coloured rim and dark writing.
  case plate(halfWidth: Float, halfHeight: Float, rim: Vector3)
  /// A coloured field with light writing.
  case board(halfWidth: Float, halfHeight: Float, ground: Vector3)

  @inline(__always) func finish(_ hit: Hit) -> Finish {
    let white = Vector3(0.62, 0.62, 0.60)
    let (u, v) = (hit.u, hit.v)
    // The back of a sign is bare metal.
    if hit.frame.normal.dot(hit.ray) < 0 { return Finish(albedo: Vector3(0.2, 0.2, 0.2)) }
    let wording = UInt32(truncatingIfNeeded: floorIndex(hit.frame.origin.z * 8))
    switch self {
    case .limit(let radius):
      let r = (u * u + v * v).squareRoot() / radius
      if r > 0.76 { return Finish(albedo: Vector3(0.42, 0.02, 0.025)) }
      let isFigure = SignFace.thirty(u / radius, v / radius)
      return Finish(albedo: isFigure ? Vector3(0.02, 0.02, 0.02) : white)
    case .keepLeft(let radius):
      let along = (-u - v) * 0.7071 / radius
      let across = abs(u - v) * 0.7071 / radius
      let isShaft = along > -0.6 && along < 0.3 && across < 0.13
      let isTip = along >= 0.1 && along < 0.65 && across < 0.65 - along
      return Finish(albedo: isShaft || isTip ? white : Vector3(0.02, 0.09, 0.36))
    case .plate(let halfWidth, let halfHeight, let rim):
      if abs(u) > halfWidth - 0.04 || abs(v) > halfHeight - 0.04 { return Finish(albedo: rim) }
      let isInk = SignWriting.ink(u + halfWidth, v + halfHeight, size: 0.14, seed: wording)
      return Finish(albedo: isInk ? Vector3(0.03, 0.03, 0.03) : white)
    case .board(let halfWidth, let halfHeight, let ground):
      let isInk =
        abs(v) < halfHeight * 0.75 && abs(u) < halfWidth * 0.85
        && SignWriting.ink(u + halfWidth, v + halfHeight, size: min(0.3, halfHeight), seed: wording)
      return Finish(albedo: isInk ? Vector3(0.6, 0.58, 0.5) : ground)
    }
  }
}

extension SignFace {
  /// True on the strokes of "30" on a disc of radius 1.
  @inline(__always) fileprivate static func thirty(_ u: Float, _ v: Float) -> Bool {
    let x = abs(u) - 0.29
    if abs(x) > 0.21 || abs(v) > 0.42 { return false }
    let isOutline = abs(x) > 0.1 || abs(v) > 0.3
    // The three is open to the left, with a bar in the middle.
    if u > 0 { return isOutline }
    return x < -0.1 || abs(v) > 0.3 || abs(v) < 0.06
  }
}

/// Writing that reads as writing from afar: rows of letter-like blocks.
enum SignWriting {
  /// True where (u, v) lies on a stroke; letters are `size` high and half as wide.
  @inline(__always) static func ink(_ u: Float, _ v: Float, size: Float, seed: UInt32) -> Bool {
    let pitch = size * 0.62
    let line = floorIndex(v / (size * 1.4))
    let letter = floorIndex(u / pitch)
    let x = (u - Float(letter) * pitch) / (pitch * 0.8)
    let y = (v - Float(line) * size * 1.4) / size
    if x >= 1 || y >= 1 { return false }
    let bits = Noise.bits(letter, line, seed)
    if bits & 7 == 0 { return false }
    // A stem at the left, and three of five strokes.
    if x < 0.28 { return bits & 8 == 0 || y < 0.55 }
    if x > 0.72 { return bits & 16 == 0 && (bits & 32 == 0 || y > 0.45) }
    if y > 0.8 { return bits & 64 == 0 }
    if y < 0.2 { return bits & 128 == 0 }
    return y > 0.42 && y < 0.6 && bits & 256 == 0
  }
}
