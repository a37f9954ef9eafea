/// Textures of things that are neither ground nor house front.
enum Materials {
  /// Dull stuff, mottled at the scale of `grain` metres.
  @inline(__always) static func matte(_ colour: Vector3, grain: Float, _ hit: Hit) -> Finish {
    if grain <= 0 { return Finish(albedo: colour) }
    let n = Noise.fractal(
      (hit.position.x + hit.position.z) / grain, hit.position.y / grain, octaves: 2, 77)
    return Finish(albedo: colour * (0.6 + 0.8 * n))
  }

  /// The window of a car: dark seats behind a little sky.
  @inline(__always) static func pane(_ hit: Hit) -> Finish {
    let inside = Noise.value(hit.u * 3.1, hit.v * 4.7, 12)
    let seat = smoothstep(0.45, 0.6, inside) * smoothstep(0.5, 0.2, hit.v)
    return Finish(albedo: Vector3(0.012, 0.013, 0.014) * (1 + 3 * seat), gloss: 0.07, bias: 0.25)
  }

  /// Rows of slates.
  @inline(__always) static func slates(_ colour: Vector3, _ hit: Hit) -> Finish {
    let row = floorIndex(hit.v / 0.22)
    let shift = Float(row & 1) * 0.15
    let tile = Noise.cell(floorIndex((hit.u + shift) / 0.3), row, 5)
    let detail = saturate(0.06 / (hit.grain + 0.02))
    let edge: Float = wrap(hit.v, 0.22) < 0.03 ? 0.65 : 1
    let moss = Noise.fractal(hit.u * 0.5, hit.v * 0.5, octaves: 3, 6)
    return Finish(
      albedo: colour * ((0.8 + 0.4 * moss) * mix(1, (0.75 + 0.5 * tile) * edge, detail)),
      gloss: 0.02)
  }

  /// Hair on the upper part of a ball and behind, skin below it.
  @inline(__always) static func head(
    skin: Vector3, hair: Vector3, looking: Vector3, _ hit: Hit
  ) -> Finish {
    let n = Noise.value(hit.u * 40, hit.v * 40, 3)
    let isHair = hit.normal.y * 0.9 - hit.normal.dot(looking) * 0.8 > 0.1 + 0.3 * n
    return Finish(albedo: isHair ? hair : skin, openness: 0.8 + 0.2 * hit.normal.y)
  }

  /// Leaf-sized spots, dark in the depth of the crown, lit from above and through.
  @inline(__always) static func leaves(_ colour: Vector3, seed: UInt32, _ hit: Hit) -> Finish {
    let leaf = Noise.value(hit.u * 11, hit.v * 11, seed &+ 4)
    let spray = Noise.value(hit.u * 3.1, hit.v * 3.1, seed &+ 5)
    let depth = smoothstep(0.15, 0.75, 0.5 * leaf + 0.5 * spray)
    let hue = Vector3(1 + 0.35 * (leaf - 0.5), 1, 1 - 0.3 * (leaf - 0.5))
    let top = 0.72 + 0.28 * hit.normal.y
    return Finish(
      albedo: colour * hue * (0.35 + 1.5 * depth), openness: (0.35 + 0.65 * depth) * top,
      bias: 0.9)
  }

  /// Bark of fine branches.
  @inline(__always) static func twigs(_ colour: Vector3, _ hit: Hit) -> Finish {
    let n = Noise.value(hit.u * 3, hit.v * 3, 21)
    return Finish(albedo: colour * (0.7 + 1.2 * n), openness: 0.95, bias: 1)
  }

  /// Tyre, rim and five holes between the spokes; u and v count from the hub.
  @inline(__always) static func wheel(radius: Float, _ hit: Hit) -> Finish {
    let r = (hit.u * hit.u + hit.v * hit.v).squareRoot() / radius
    let tyre = Vector3(0.012, 0.012, 0.013)
    if r > 0.66 { return Finish(albedo: tyre, openness: 0.7, bias: 0.3) }
    let metal = Vector3(0.28, 0.29, 0.30)
    if r > 0.56 || r < 0.2 { return Finish(albedo: metal, gloss: 0.15, bias: 0.3) }
    var isSpoke = false
    for spoke in 0..<5 {
      let (cos, sin) = unitCircle(Float(spoke) / 5 + 0.05)
      let along = hit.u * cos + hit.v * sin
      let across = hit.v * cos - hit.u * sin
      if along > 0 && abs(across) < 0.11 * radius { isSpoke = true }
    }
    return Finish(albedo: isSpoke ? metal : tyre, gloss: isSpoke ? 0.1 : 0, bias: 0.3)
  }

  /// A lens of coloured glass, bright where lit.
  @inline(__always) static func lamp(_ colour: Vector3, lit: Bool, _ hit: Hit) -> Finish {
    Finish(albedo: colour, gloss: 0.1, glow: lit ? colour * 2.2 : .zero, bias: 0.3)
  }
}
