/// Where a thing stands and which way it looks.
struct Placement {
  let origin: Vector3
  let forward: Vector3
  /// Unit vector to the thing's right.
  var right: Vector3 { Vector3.upward.cross(forward) }

  /// A point from metres forward, up and to the right.
  func point(_ x: Float, _ y: Float, _ z: Float) -> Vector3 {
    origin + forward * x + Vector3(0, y, 0) + right * z
  }

  /// A direction from its parts forward, up and to the right.
  func direction(_ x: Float, _ y: Float, _ z: Float) -> Vector3 {
    (forward * x + Vector3(0, y, 0) + right * z).normalized
  }
}

/// Cars and vans: the outline of the side view, pulled out to the width.
extension Scene {
  /// A vehicle, unless something is in its place.
  mutating func addVehicle(
    _ body: VehicleBody, at place: Placement, paint: Vector3, isDriving: Bool,
    random: inout SceneRandom
  ) {
    let reach = body.outline[body.outline.count - 2].x - 0.8
    let isFree = [-reach, 0, reach].allSatisfy {
      world.isFree(place.point($0, 0, 0), radius: 1)
    }
    guard isFree else { return }
    let skin = Material.paint(paint)
    let trim = Material.matte(
      random.chance(0.6) ? paint * 0.9 : Vector3(0.03, 0.03, 0.03), grain: 0)
    addSkin(of: body, at: place, skin, trim)
    for side: Float in [-1, 1] {
      addFlank(of: body, at: place, side: side, skin)
      addGlasshouse(of: body, at: place, side: side, skin)
      for axle in [body.axles.rear, body.axles.front] {
        let radius = body.wheelRadius
        let facing = place.right * side
        world.disc(
          place.point(axle, radius + 0.02, side * (body.halfWidth + 0.004)), facing: facing,
          radius: radius + 0.055, .matte(Vector3(0.004, 0.004, 0.004), grain: 0), .car)
        world.disc(
          place.point(axle, radius, side * (body.halfWidth + 0.012)), facing: facing,
          radius: radius, .wheel(radius: radius), .car)
        // The tread, seen from the front and from behind.
        for inset: Float in [0.04, 0.16] {
          world.disc(
            place.point(axle, radius, side * (body.halfWidth - inset)), facing: facing,
            radius: radius, .matte(Vector3(0.01, 0.01, 0.01), grain: 0), .car, corners: 14)
        }
        let tread = place.point(axle, 0, side * (body.halfWidth - 0.2))
        world.quad(
          tread, place.right * (0.2 * side), Vector3(0, radius, 0),
          .matte(Vector3(0.012, 0.012, 0.012), grain: 0), .car)
      }
    }
    addEnds(of: body, at: place, isDriving: isDriving)
    let length = body.outline[body.outline.count - 2].x
    world.add(
      Footprint(
        centre: place.origin, along: place.forward, halfLength: length,
        halfWidth: body.halfWidth, depth: 0.86))
    // The dark under the floor.
    world.polygon(
      [
        place.point(-length, 0.24, -body.halfWidth * 0.9),
        place.point(-length, 0.24, body.halfWidth * 0.9),
        place.point(length, 0.24, body.halfWidth * 0.9),
        place.point(length, 0.24, -body.halfWidth * 0.9),
      ], .matte(Vector3(0.004, 0.004, 0.004), grain: 0), .car)
  }

  /// Tail, roof and nose: one strip per pair of outline points, smoothly shaded across them.
  private mutating func addSkin(
    of body: VehicleBody, at place: Placement, _ skin: Material, _ trim: Material
  ) {
    let outline = body.outline
    func slope(_ i: Int) -> Vector3 {
      let (a, b) = (outline[i], outline[i + 1])
      return place.direction(-(b.y - a.y), b.x - a.x, 0)
    }
    for i in 0..<(outline.count - 1) {
      let (a, b) = (outline[i], outline[i + 1])
      let (wa, wb) = (body.halfWidth(atX: a.x, y: a.y), body.halfWidth(atX: b.x, y: b.y))
      let own = slope(i)
      let before = i > 0 ? (slope(i - 1) + own).normalized : own
      let after = i + 2 < outline.count ? (own + slope(i + 1)).normalized : own
      let material = a.panel == .bumper ? trim : skin
      world.polygon(
        [
          place.point(a.x, a.y, -wa), place.point(a.x, a.y, wa), place.point(b.x, b.y, wb),
          place.point(b.x, b.y, -wb),
        ], material, .car, normals: (before, after))
      if a.panel == .glass {
        func inset(_ t: Float, _ share: Float, _ side: Float) -> Vector3 {
          place.point(mix(a.x, b.x, t), mix(a.y, b.y, t), mix(wa, wb, t) * share * side)
            + own * 0.012
        }
        world.polygon(
          [inset(0.07, 0.88, -1), inset(0.07, 0.88, 1), inset(0.9, 0.86, 1), inset(0.9, 0.86, -1)],
          .glass, .car, normals: (before, after))
      }
    }
  }

  /// One side below the belt line.
  private mutating func addFlank(
    of body: VehicleBody, at place: Placement, side: Float, _ skin: Material
  ) {
    let outline = body.outline
    let (rear, front) = (outline[body.beltRear], outline[body.beltFront])
    var edge: [(x: Float, y: Float)] = []
    for (i, point) in outline.enumerated() where i <= body.beltRear || i >= body.beltFront {
      if i == body.beltFront {
        // The belt line in pieces, so that the plan can curve.
        for t: Float in [0.12, 0.88] {
          edge.append((mix(rear.x, front.x, t), mix(rear.y, front.y, t)))
        }
      }
      edge.append((point.x, point.y))
    }
    edge.removeAll { $0.y < 0.3 }
    let floor: Float = 0.24
    for (a, b) in zip(edge, edge.dropFirst()) where abs(a.x - b.x) > 0.02 {
      let wa = side * body.halfWidth(atX: a.x, y: 0.5)
      let wb = side * body.halfWidth(atX: b.x, y: 0.5)
      // The shoulder catches the sky, the sill mirrors the road.
      let outward = place.direction(0, 0, side)
      let below = (outward - Vector3(0, 0.28, 0)).normalized
      let above = (outward + Vector3(0, 0.42, 0)).normalized
      world.polygon(
        [
          place.point(a.x, floor, wa), place.point(b.x, floor, wb), place.point(b.x, b.y, wb),
          place.point(a.x, a.y, wa),
        ], skin, .car, normals: (below, above))
    }
    let wall = side * (body.halfWidth + 0.006)
    let dark = Material.matte(Vector3(0.008, 0.008, 0.008), grain: 0)
    for door in body.doors {
      world.quad(
        place.point(door, 0.3, wall), place.forward * 0.016, Vector3(0, 0.6, 0), dark, .car)
    }
    world.quad(
      place.point(body.axles.rear + 0.4, 0.24, wall),
      place.forward * (body.axles.front - body.axles.rear - 0.8), Vector3(0, 0.06, 0), dark, .car)
  }

  /// One side above the belt line, with its panes.
  private mutating func addGlasshouse(
    of body: VehicleBody, at place: Placement, side: Float, _ skin: Material
  ) {
    let points = Array(body.outline[body.beltRear...body.beltFront])
    func corner(_ x: Float, _ y: Float, _ out: Float) -> Vector3 {
      place.point(x, y, side * (body.halfWidth(atX: 0, y: y) + out))
    }
    world.polygon(points.map { corner($0.x, $0.y, 0) }, skin, .car)
    let belt = max(points[0].y, points[points.count - 1].y) + 0.03
    for pane in body.panes {
      // Follow the outline, a hand's breadth below it.
      func ceiling(_ x: Float) -> Float {
        for (a, b) in zip(points, points.dropFirst()) where x >= a.x && x <= b.x {
          return mix(a.y, b.y, (x - a.x) / max(b.x - a.x, 0.001)) - 0.09
        }
        return belt
      }
      let (low, high) = (pane.lowerBound, pane.upperBound)
      let middle = (low + high) / 2
      let top = [low, mix(low, middle, 0.5), middle, mix(middle, high, 0.5), high].map {
        (x: $0, y: max(belt + 0.02, ceiling($0)))
      }
      let ring =
        [corner(low, belt, 0.01), corner(high, belt, 0.01)]
        + top.reversed().map { corner($0.x, $0.y, 0.01) }
      world.polygon(ring, .glass, .car)
    }
  }

  /// Lights, number plates, grille and mirrors.
  private mutating func addEnds(of body: VehicleBody, at place: Placement, isDriving: Bool) {
    let outline = body.outline
    let front = outline.count - 4
    func lamp(
      _ i: Int, _ range: ClosedRange<Float>, _ height: ClosedRange<Float>, _ material: Material,
      bothSides: Bool
    ) {
      let (a, b) = (outline[i], outline[i + 1])
      let out = place.direction(-(b.y - a.y), b.x - a.x, 0) * 0.015
      for side: Float in bothSides ? [-1, 1] : [1] {
        func corner(_ z: Float, _ t: Float) -> Vector3 {
          let w = mix(
            body.halfWidth(atX: a.x, y: a.y), body.halfWidth(atX: b.x, y: b.y), t)
          return place.point(mix(a.x, b.x, t), mix(a.y, b.y, t), z * w * side) + out
        }
        let (z0, z1) = (range.lowerBound, range.upperBound)
        let (t0, t1) = (height.lowerBound, height.upperBound)
        world.polygon(
          [corner(z0, t0), corner(z1, t0), corner(z1, t1), corner(z0, t1)], material, .car)
      }
    }
    let dark = Material.matte(Vector3(0.01, 0.01, 0.01), grain: 0)
    let isLit = light.isDark && isDriving
    lamp(
      2, 0.70...0.98, 0.1...0.85, .lamp(Vector3(0.34, 0.012, 0.012), lit: isLit), bothSides: true)
    lamp(
      2, 0.72...0.96, 0.4...0.55, .lamp(Vector3(0.40, 0.20, 0.04), lit: false), bothSides: true)
    lamp(1, -0.32...0.32, 0.25...0.85, .matte(colour(196, 160, 40), grain: 0), bothSides: false)
    lamp(
      front, 0.60...0.96, 0.08...0.8, .lamp(Vector3(0.55, 0.56, 0.55), lit: isLit), bothSides: true)
    lamp(front, -0.52...0.52, 0.15...0.7, dark, bothSides: false)
    lamp(
      front + 1, -0.30...0.30, 0.2...0.8, .matte(colour(205, 205, 200), grain: 0), bothSides: false
    )
    lamp(front + 2, -0.6...0.6, 0...0.6, dark, bothSides: false)
    let mirror = outline[body.beltFront]
    for side: Float in [-1, 1] {
      let z = side * (body.halfWidth + 0.1)
      world.capsule(
        place.point(mirror.x - 0.32, mirror.y + 0.06, z - 0.06 * side), 0.075,
        place.point(mirror.x - 0.32, mirror.y + 0.06, z + 0.05 * side), 0.065,
        .matte(Vector3(0.03, 0.03, 0.03), grain: 0), .car)
    }
  }
}
