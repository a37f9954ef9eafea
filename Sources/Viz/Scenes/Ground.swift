/// The textures of what one walks and drives on.
struct Ground {
  private let street: Street
  /// The footprints that touch each strip of two metres along the street, one strip after another;
  /// those of strip i stand at `starts[i]..<starts[i + 1]`.
  private let members: [Footprint]
  private let starts: [Int]
  private static let strip: Float = 2

  init(street: Street, footprints: [Footprint]) {
    self.street = street
    var strips = [[Footprint]](repeating: [], count: 80)
    for print in footprints {
      let reach = print.halfLength + print.halfWidth + 0.6
      let first = Int(max(0, (print.centre.z - reach) / Ground.strip))
      let last = Int(max(0, (print.centre.z + reach) / Ground.strip))
      for strip in first...max(first, last) where strip < strips.count {
        strips[strip].append(print)
      }
    }
    members = Array(strips.joined())
    starts = strips.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
  }

  /// Asphalt: grain, wheel tracks, patches, cracks, and the markings of a British street.
  @inline(__always) func asphalt(_ hit: Hit) -> Finish {
    let s = hit.position.z
    let d = hit.position.x - street.middle(s)
    let seed = street.textureSeed
    let broad = Noise.fractal(d * 0.6, s * 0.22, octaves: 3, seed)
    var tone = 0.078 + 0.050 * broad
    if hit.grain < 0.03 {
      let fine = Noise.value(d * 23, s * 23, seed &+ 3) + Noise.value(d * 61, s * 61, seed &+ 4)
      tone *= mix(1, 0.72 + 0.28 * fine, saturate(0.012 / (hit.grain + 0.004)))
    }
    // Wheels polish two tracks in each lane.
    let lane = abs(abs(d) - street.halfRoad * 0.45)
    tone *= 1 - 0.13 * smoothstep(0.35, 0, abs(lane - 0.75))
    // Trenches dug and filled again.
    let patch = Noise.cell(floorIndex(d / 1.9 + 0.3), floorIndex(s / 5.3), seed &+ 6)
    if patch > 0.86 { tone *= 0.78 }
    let crack = abs(Noise.fractal(d * 0.9, s * 0.5, octaves: 3, seed &+ 8) - 0.5)
    if crack < 0.0022 && broad > 0.5 { tone *= 0.72 }
    // Covers of cast iron.
    let block = floorIndex(s / 13)
    let coverAt = Noise.cell(block, 3, seed &+ 7)
    let coverD = (coverAt - 0.5) * street.halfRoad * 1.3
    let coverS = (Float(block) + 0.2 + 0.6 * Noise.cell(block, 4, seed &+ 7)) * 13
    if abs(d - coverD) < 0.33 && abs(s - coverS) < 0.36 {
      let isRim = abs(d - coverD) > 0.28 || abs(s - coverS) > 0.31
      tone *= isRim || wrap((d + s) * 9, 1) < 0.3 ? 0.5 : 0.75
    }
    // Dirt gathers in the gutter.
    tone *= 1 - 0.25 * smoothstep(0.5, 0, street.halfRoad - abs(d))
    var albedo = Vector3(0.97, 1.0, 1.06) * tone
    let paint = marking(d, s)
    if paint.w > 0 {
      let wear = Noise.fractal(d * 9, s * 4, octaves: 2, seed &+ 11)
      albedo = mix(
        albedo, Vector3(paint.x, paint.y, paint.z), paint.w * smoothstep(0.16, 0.5, wear))
    }
    return Finish(albedo: albedo, gloss: 0.005, openness: openness(hit.position))
  }

  /// Colour and opacity of the paint at (d, s).
  @inline(__always) private func marking(_ d: Float, _ s: Float) -> SIMD4<Float> {
    let white = SIMD4<Float>(0.40, 0.40, 0.38, 0.85)
    let yellow = SIMD4<Float>(0.30, 0.21, 0.05, 0.8)
    let edge = street.halfRoad - abs(d)
    if edge < -0.1 { return .zero }
    let isJunction = street.sideRoad.contains(s)
    if street.stopLine > 0 && s > street.stopLine - 0.35 && s < street.stopLine && d < -0.15 {
      return white
    }
    if street.stopLine > 0 && abs(s - street.stopLine + 12) < 11 {
      // Solid centre line before the lights.
      if abs(d) < 0.06 { return white }
    } else if abs(d) < 0.055 && wrap(s, 6) < 3.4 && !isJunction {
      return white
    }
    let parks = d < 0 ? street.parksLeft : street.parksRight
    if parks {
      let bay = edge - 2.1
      if abs(bay) < 0.05 && wrap(s, 1.6) < 0.8 && !isJunction { return white }
    } else if !(isJunction && d * street.sideRoadSide > 0) {
      if abs(edge - 0.25) < 0.045 || abs(edge - 0.42) < 0.045 { return yellow }
    }
    // An arrow in our lane ahead of the lights.
    if street.stopLine > 0 {
      let tip = street.stopLine - 7 - s
      let off = abs(d + street.halfRoad * 0.45)
      if tip > 0 && tip < 1.4 && off < tip * 0.4 { return white }
      if tip >= 1.4 && tip < 4.2 && off < 0.09 { return white }
    }
    return .zero
  }

  /// Slabs with open joints, each a little different, and the kerb stones at the edge.
  @inline(__always) func paving(_ hit: Hit) -> Finish {
    let s = hit.position.z
    let d = abs(hit.position.x - street.middle(s))
    let seed = street.textureSeed &+ 40
    let edge = d - street.halfRoad
    let stain = Noise.fractal(d * 0.8, s * 0.5, octaves: 3, seed)
    var tone: Float
    if edge < 0.14 {
      tone = 0.15 + 0.03 * stain
      if wrap(s, 0.9) < 0.02 + hit.grain * 0.5 { tone *= 0.7 }
    } else {
      let row = floorIndex(edge / 0.6)
      let along = s + Float(row & 1) * 0.45
      let slab = Noise.cell(row, floorIndex(along / 0.9), seed &+ 1)
      tone = (0.088 + 0.05 * stain) * (0.84 + 0.32 * slab)
      let detail = saturate(0.03 / (hit.grain + 0.01))
      if wrap(edge, 0.6) < 0.022 || wrap(along, 0.9) < 0.022 { tone *= 1 - 0.4 * detail }
    }
    if hit.grain < 0.02 { tone *= 0.8 + 0.4 * Noise.value(d * 30, s * 30, seed &+ 2) }
    // The foot of the wall sees less sky.
    let wall = street.buildingLine(hit.position.x - street.middle(s) < 0 ? -1 : 1)
    let shade = 0.62 + 0.38 * smoothstep(0, 1.5, abs(wall) - d)
    return Finish(
      albedo: Vector3(1.03, 1.0, 0.96) * tone, gloss: 0.003,
      openness: openness(hit.position) * shade)
  }

  /// A lawn.
  @inline(__always) func grass(_ hit: Hit) -> Finish {
    let n = Noise.fractal(hit.position.x * 1.4, hit.position.z * 1.1, octaves: 4, 51)
    return Finish(albedo: Vector3(0.075, 0.10, 0.035) * (0.5 + n))
  }

  /// The share of the sky's light that things standing on the ground leave at `point`.
  @inline(__always) private func openness(_ point: Vector3) -> Float {
    let strip = Int(max(0, point.z / Ground.strip))
    if strip + 1 >= starts.count { return 1 }
    var open: Float = 1
    for number in starts[strip]..<starts[strip + 1] {
      let print = members[number]
      let offset = point - print.centre
      let along = abs(offset.dot(print.along))
      let across = abs(offset.x * print.along.z - offset.z * print.along.x)
      let a = smoothstep(print.halfLength + 0.45, print.halfLength - 0.25, along)
      let b = smoothstep(print.halfWidth + 0.45, print.halfWidth - 0.2, across)
      open *= 1 - print.depth * a * b
    }
    return open
  }
}
