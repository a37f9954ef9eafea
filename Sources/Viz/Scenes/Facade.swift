/// The front of a house as a texture: wall, rows of windows set back from it, ground floor.
///
/// u runs along the front, v up from the pavement, metres.
struct Facade {
  enum Wall {
    case brick
    case stone
    case render
    case panels
  }

  enum GroundFloor {
    /// Windows like above, and a door.
    case dwelling
    /// A shop front under a fascia of this colour.
    case shop(Vector3)
    /// Glass from wall to wall.
    case lobby
  }

  var wall: Wall
  var colour, trim, frame: Vector3
  var width, height: Float
  var groundHeight, floorHeight: Float
  var floors: Int
  var bays: Int
  /// Size of a window and its height over the floor.
  var windowWidth, windowHeight, sill: Float
  var groundFloor: GroundFloor
  /// Bars across each window pane.
  var hasBars: Bool
  var seed: UInt32

  /// The front at a sample.
  @inline(__always) func front(_ hit: Hit, isDark: Bool) -> Finish {
    let (u, v) = (hit.u, hit.v)
    let bay = width / Float(bays)
    let column = floorIndex(u / bay)
    let across = u - (Float(column) + 0.5) * bay
    if v < groundHeight {
      switch groundFloor {
      case .shop(let colour): return shop(hit, colour, isDark: isDark)
      case .lobby: return lobby(hit, isDark: isDark)
      case .dwelling: return dwelling(hit, column, across, isDark: isDark)
      }
    }
    let level = floorIndex((v - groundHeight) / floorHeight)
    if level >= Int32(floors) { return cornice(hit) }
    let rise = v - groundHeight - Float(level) * floorHeight
    // Storeys under the eaves have lower windows.
    let tall = windowHeight * (Int(level) == floors - 1 && floors > 1 ? 0.82 : 1)
    return window(
      hit, across, rise - sill, width: windowWidth, height: tall,
      key: Noise.bits(column, level, seed), isDark: isDark)
  }

  /// The blind side: the same wall, sooty, without openings.
  @inline(__always) func gable(_ hit: Hit) -> Finish { masonry(hit, shade: 0.85) }

  /// A window `width` × `height` whose sill's middle is at (0, 0), and the wall around it.
  @inline(__always) private func window(
    _ hit: Hit, _ x: Float, _ y: Float, width: Float, height: Float, key: UInt32, isDark: Bool
  ) -> Finish {
    let half = width / 2
    if abs(x) < half && y > 0 && y < height {
      // The glass lies in a recess: follow the ray to it, or to the reveal beside it.
      let depth: Float = wall == .panels ? 0.06 : 0.14
      let inward = depth / max(0.05, abs(hit.ray.dot(hit.frame.normal)))
      let gx = x + hit.ray.dot(hit.frame.right) * inward
      let gy = y + hit.ray.dot(hit.frame.up) * inward
      if abs(gx) > half || gy < 0 || gy > height {
        return Finish(albedo: trim * 0.6, openness: gy > height ? 0.25 : 0.55)
      }
      let border: Float = 0.07
      let isFrame = abs(gx) > half - border || gy < border || gy > height - border
      let isBar =
        hasBars && (abs(gx) < 0.03 || abs(gy - height * 0.52) < 0.035)
        || !hasBars && width > 1.7 && abs(wrap(gx + half, width / 2) - width / 4) < 0.04
      if isFrame || isBar { return Finish(albedo: frame, openness: 0.6) }
      return glass(hit, gy / height, key: key, isDark: isDark)
    }
    // Sill and lintel.
    if wall != .panels && abs(x) < half + 0.1 {
      if y <= 0 && y > -0.11 { return Finish(albedo: trim) }
      if y >= height && y < height + 0.2 {
        return Finish(albedo: wall == .brick && seed & 1 == 0 ? colour * 0.8 : trim * 0.9)
      }
    }
    // Rain leaves streaks below the sill.
    let isStreaked = y < 0 && y > -0.8 && abs(x) < half
    return masonry(hit, shade: isStreaked ? 0.9 : 1)
  }

  /// Glass before a dark room, curtains or a blind; each pane is hung a little askew.
  @inline(__always) private func glass(
    _ hit: Hit, _ height: Float, key: UInt32, isDark: Bool
  ) -> Finish {
    let choice = key & 15
    var room = Vector3(0.010, 0.011, 0.013)
    if choice < 3 {
      room = Vector3(0.13, 0.13, 0.12) * (0.7 + 0.5 * Noise.value(hit.u * 9, 0, key))
    } else if choice < 5 && height > 0.55 {
      room = Vector3(0.20, 0.19, 0.17)
    }
    let glow = isDark && choice > 12 ? Vector3(0.42, 0.30, 0.15) * (0.5 + 0.5 * height) : .zero
    let skew = Vector3(
      Float(key >> 8 & 255) / 255 - 0.5, Float(key >> 16 & 255) / 255 - 0.35, 0)
    let ripple = Noise.value(hit.u * 1.7, hit.v * 1.3, key) - 0.5
    let tilt = (hit.normal + (hit.frame.right * (skew.x + ripple) + hit.frame.up * skew.y) * 0.09)
    return Finish(
      albedo: room, gloss: 0.07, glow: glow, openness: 0.7, tilt: tilt.normalized)
  }

  /// Door and windows of a house at street level.
  @inline(__always) private func dwelling(
    _ hit: Hit, _ column: Int32, _ x: Float, isDark: Bool
  ) -> Finish {
    let key = Noise.bits(column, -1, seed)
    let doorBay = Int32(seed >> 3) % Int32(max(1, bays))
    let v = hit.v
    if column == doorBay && wall != .panels {
      let door = min(1.0, windowWidth)
      if abs(x) < door / 2 && v < 2.5 {
        if v > 2.08 { return glass(hit, 0.5, key: key, isDark: isDark) }
        let hue = key >> 20 & 3
        let paint = [
          Vector3(0.02, 0.03, 0.06), Vector3(0.10, 0.012, 0.012), Vector3(0.02, 0.05, 0.03),
          Vector3(0.015, 0.015, 0.015),
        ][Int(hue)]
        let isPanel =
          abs(abs(x) - 0.22) < 0.14 && (abs(v - 0.55) < 0.35 || abs(v - 1.45) < 0.4)
        return Finish(albedo: isPanel ? paint * 0.7 : paint, gloss: 0.03, openness: 0.6)
      }
      if abs(x) < door / 2 + 0.14 && v < 2.7 { return Finish(albedo: trim) }
      return masonry(hit, shade: 1)
    }
    return window(
      hit, x, v - 0.95, width: windowWidth * 1.1, height: min(groundHeight - 1.4, windowHeight),
      key: key, isDark: isDark)
  }

  /// A shop front: stall riser, panes between pilasters, fascia with writing.
  @inline(__always) private func shop(_ hit: Hit, _ paint: Vector3, isDark: Bool) -> Finish {
    let (u, v) = (hit.u, hit.v)
    let edge = min(u, width - u)
    if v > groundHeight - 0.16 { return Finish(albedo: trim * 0.8) }
    if v > groundHeight - 0.85 {
      let band = v - (groundHeight - 0.85)
      let isSign = abs(u - width / 2) < width * 0.32 && band > 0.18 && band < 0.52
      if isSign && SignWriting.ink(u, band - 0.18, size: 0.34, seed: seed) {
        return Finish(
          albedo: Vector3(0.55, 0.52, 0.42), glow: isDark ? Vector3(0.3, 0.28, 0.2) : .zero)
      }
      return Finish(albedo: paint, gloss: 0.02)
    }
    if edge < 0.28 { return Finish(albedo: paint * 0.9, openness: 0.9) }
    let doorWidth: Float = 1.15
    let doorAt = width * (seed & 1 == 0 ? 0.5 : 0.78)
    let isDoor = abs(u - doorAt) < doorWidth / 2
    if v < 0.55 && !isDoor { return Finish(albedo: paint * 0.7, gloss: 0.01) }
    // Panes lie a little behind the frame.
    let inward = 0.1 / max(0.05, abs(hit.ray.dot(hit.frame.normal)))
    let gu = u + hit.ray.dot(hit.frame.right) * inward
    let pane = (width - 0.56) / Float(max(2, Int32((width - 0.56) / 1.7)))
    let mullion = wrap(u - 0.28, pane)
    if mullion < 0.06 || abs(v - 2.3) < 0.04 || abs(abs(u - doorAt) - doorWidth / 2) < 0.05 {
      return Finish(albedo: paint * 0.8, openness: 0.8)
    }
    // The window display: things of muted colours on a dark ground.
    let deep = (hit.ray.dot(hit.frame.right)) * 1.1
    let x = gu + deep
    let cell = Noise.bits(floorIndex(x / 0.55), floorIndex(v / 0.62), seed &+ 3)
    let size = 0.3 + 0.6 * Float(cell >> 24) / 255
    let isThing =
      cell & 3 == 0 && v < 2.1 && wrap(x, 0.55) < 0.5 * size && wrap(v, 0.62) < 0.6 * size
    var room = Vector3(0.02, 0.021, 0.022)
    if isThing {
      room = Vector3(
        0.03 + 0.16 * Float(cell >> 4 & 15) / 15, 0.03 + 0.14 * Float(cell >> 8 & 15) / 15,
        0.03 + 0.12 * Float(cell >> 12 & 15) / 15)
    }
    let lit = Noise.value(x * 0.7, v * 0.5, seed &+ 5)
    // Lamps in the ceiling, and what they light.
    let spot = smoothstep(0.08, 0.02, abs(v - 2.7)) * smoothstep(0.5, 0.3, wrap(x, 1.3))
    let warmth = lit * lit * (isThing ? 1.1 : 0.7) + 3 * spot
    let glow = Vector3(0.20, 0.165, 0.11) * (warmth * (isDark ? 1.0 : 0.12))
    return Finish(albedo: isDoor ? room * 0.7 : room, gloss: 0.1, glow: glow, openness: 0.6)
  }

  /// The glazed ground floor of an office.
  @inline(__always) private func lobby(_ hit: Hit, isDark: Bool) -> Finish {
    if hit.v > groundHeight - 0.5 || hit.v < 0.12 { return Finish(albedo: trim * 0.7) }
    if wrap(hit.u, 3.2) < 0.35 { return Finish(albedo: colour * 0.8) }
    if wrap(hit.u, 1.6) < 0.06 { return Finish(albedo: frame * 0.5) }
    return glass(hit, 0.3, key: Noise.bits(floorIndex(hit.u / 1.6), 0, seed), isDark: isDark)
  }

  /// What is between the top windows and the roof: moulding and gutter.
  @inline(__always) private func cornice(_ hit: Hit) -> Finish {
    let below = height - hit.v
    if below < 0.12 { return Finish(albedo: Vector3(0.03, 0.03, 0.03)) }
    if below < 0.34 { return Finish(albedo: trim * 0.9) }
    if below < 0.5 { return Finish(albedo: trim * 0.45, openness: 0.6) }
    return masonry(hit, shade: 0.95)
  }

  /// The wall itself: courses of bricks or blocks, plaster or panels; soot and damp.
  @inline(__always) private func masonry(_ hit: Hit, shade: Float) -> Finish {
    let (u, v) = (hit.u, hit.v)
    let weather = Noise.fractal(u * 0.45, v * 0.22, octaves: 3, seed)
    var tone = shade * (0.74 + 0.52 * weather)
    tone *= 0.78 + 0.22 * smoothstep(0, 1.4, v)
    var hue = colour
    switch wall {
    case .brick:
      let detail = saturate(0.012 / (hit.grain + 0.003))
      let row = floorIndex(v / 0.075)
      let along = u / 0.225 + Float(row & 1) * 0.5
      let brick = Noise.bits(floorIndex(along), row, seed)
      let fired = Float(brick & 255) / 255
      tone *= mix(1, 0.7 + 0.6 * fired, detail)
      let isJoint = wrap(v, 0.075) < 0.012 || (along - Float(floorIndex(along))) < 0.055
      if isJoint { hue = mix(hue, Vector3(0.22, 0.20, 0.18), 0.6 * detail) }
    case .stone:
      let detail = saturate(0.03 / (hit.grain + 0.008))
      let row = floorIndex(v / 0.34)
      let along = u / 0.72 + Float(row & 1) * 0.5
      let block = Noise.cell(floorIndex(along), row, seed)
      tone *= mix(1, 0.78 + 0.44 * block, detail)
      let joint = along - Float(floorIndex(along))
      if wrap(v, 0.34) < 0.018 || joint < 0.025 { tone *= 1 - 0.35 * detail }
    case .render:
      let streak = Noise.value(u * 2.4, v * 0.25, seed &+ 7)
      tone *= 0.9 + 0.2 * streak
    case .panels:
      if wrap(v - groundHeight, floorHeight) < 0.05 || wrap(u, width / Float(bays)) < 0.04 {
        tone *= 0.6
      }
    }
    return Finish(albedo: hue * (1.18 * tone))
  }
}
