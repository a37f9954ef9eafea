/// Lamp posts, signs, traffic lights, bollards and railings.
extension Scene {
  private static let steel = Material.matte(colour(92, 94, 94), grain: 0.3)
  private static let black = Material.matte(colour(34, 36, 36), grain: 0)

  mutating func addPole(
    at foot: Vector3, height: Float, radius: Float, _ material: Material
  ) {
    world.capsule(
      foot, radius, foot + Vector3(0, height, 0), radius * 0.72, material, .pole)
    world.add(
      Footprint(
        centre: foot, along: Vector3(0, 0, 1), halfLength: radius, halfWidth: radius, depth: 0.4))
  }

  /// A lamp post at the kerb with an arm over the road.
  mutating func addLampPost(s: Float, side: Float) {
    let foot = street.point(street.kerb(side) + side * 0.45, s, height: Street.kerbHeight)
    let height: Float = 7.2
    addPole(at: foot, height: height, radius: 0.075, Scene.steel)
    world.capsule(foot, 0.11, foot + Vector3(0, 1.3, 0), 0.10, Scene.steel, .pole)
    let top = foot + Vector3(0, height, 0)
    let tip = top + Vector3(-side * 1.3, 0.22, 0)
    world.capsule(top, 0.045, tip, 0.035, Scene.steel, .pole)
    world.capsule(
      tip, 0.09, tip + Vector3(-side * 0.45, -0.02, 0), 0.11,
      .lamp(colour(190, 184, 170), lit: light.isDark), .pole)
  }

  /// A traffic light that looks back along the street; `lit` counts from the top.
  mutating func addTrafficLight(d: Float, s: Float, lit: Int) {
    let foot = street.point(d, s, height: Street.kerbHeight)
    addPole(at: foot, height: 3.2, radius: 0.055, Scene.black)
    let head = foot + Vector3(-0.17, 2.25, -0.12)
    world.box(
      head, along: Vector3(0.34, 0, 0), across: Vector3(0, 0, 0.2), height: 0.98, Scene.black,
      .signSymbol)
    world.quad(
      head + Vector3(-0.1, -0.1, 0.12), Vector3(0.54, 0, 0), Vector3(0, 1.18, 0), Scene.black,
      .signSymbol)
    let glass = [Vector3(0.5, 0.02, 0.02), Vector3(0.5, 0.26, 0.02), Vector3(0.03, 0.45, 0.20)]
    for (i, colour) in glass.enumerated() {
      world.disc(
        head + Vector3(0.17, 0.80 - 0.31 * Float(i), -0.012), facing: Vector3(0, 0, -1),
        radius: 0.105, .lamp(i == lit ? colour : colour * 0.06, lit: i == lit), .signSymbol)
    }
  }

  /// A sign on a pole, turned to traffic that comes from the camera (or from ahead).
  mutating func addSign(
    d: Float, s: Float, facesCamera: Bool, random: inout SceneRandom
  ) {
    let foot = street.point(d, s, height: Street.kerbHeight)
    let height = random.uniform(2.5...3.0)
    addPole(at: foot, height: height, radius: 0.042, Scene.steel)
    let facing = Vector3(0, 0, facesCamera ? -1 : 1)
    let centre = foot + Vector3(0, height - 0.2, 0) + facing * 0.06
    switch random.integer(0...4) {
    case 0, 1:
      let radius = random.uniform(0.3...0.38)
      world.disc(
        centre, facing: facing, radius: radius, .sign(.limit(radius: radius)), .signSymbol)
    case 2:
      world.disc(
        centre, facing: facing, radius: 0.32, .sign(.keepLeft(radius: 0.32)), .signSymbol)
    default:
      let (w, h) = (random.uniform(0.3...0.5), random.uniform(0.3...0.45))
      let rim = random.pick([colour(150, 24, 28), colour(30, 60, 120), colour(30, 32, 34)])
      addPlate(
        centre, facing: facing, w, h, .plate(halfWidth: w, halfHeight: h, rim: rim))
    }
  }

  /// A flat rectangle with u and v from its centre.
  private mutating func addPlate(
    _ centre: Vector3, facing: Vector3, _ halfWidth: Float, _ halfHeight: Float, _ face: SignFace
  ) {
    let reach = max(halfWidth, halfHeight) * 1.5
    world.disc(
      centre, facing: facing, radius: reach, .sign(face), .signSymbol,
      cut: .rectangle(halfWidth: halfWidth, halfHeight: halfHeight), corners: 12)
  }

  /// A board that hangs out over the pavement from a shop.
  mutating func addShopSign(
    at s: Float, _ d: Float, _ side: Float, random: inout SceneRandom
  ) {
    let reach: Float = random.uniform(0.35...0.55)
    let height = random.uniform(0.32...0.6)
    let centre = street.point(
      d - side * (reach + 0.25), s, height: random.uniform(3.3...4.3))
    let ground = random.pick([
      colour(30, 40, 60), colour(110, 30, 32), colour(40, 70, 54), colour(160, 156, 148),
      colour(40, 40, 42),
    ])
    for facing: Float in [-1, 1] {
      addPlate(
        centre + Vector3(0, 0, facing * 0.04), facing: Vector3(0, 0, facing), reach, height,
        .board(halfWidth: reach, halfHeight: height, ground: ground))
    }
    let bracket = centre + Vector3(0, height + 0.05, 0)
    world.capsule(
      bracket, 0.02, Vector3(bracket.x + side * (reach + 0.25), bracket.y, bracket.z), 0.02,
      Scene.black, .building)
  }

  /// Railings on a low stone wall, as around parks and colleges.
  mutating func addRailing(from start: Vector3, to end: Vector3, random: inout SceneRandom) {
    let along = end - start
    let stone = Material.matte(colour(140, 130, 112), grain: 0.5)
    world.quad(start, along, Vector3(0, 0.75, 0), stone, .building)
    let thickness = Vector3(-along.z, 0, along.x).normalized * 0.12
    world.quad(
      start + Vector3(0, 0.75, 0) - thickness, along, thickness * 2, stone, .building)
    world.quad(
      start + Vector3(0, 0.75, 0), along, Vector3(0, 1.25, 0),
      .matte(colour(30, 32, 33), grain: 0), .fence,
      cut: .railing(spacing: 0.14, bar: 0.035, height: 1.25))
  }

  /// A guard rail between pavement and road.
  mutating func addGuardRail(side: Float, from start: Float, to end: Float) {
    var s = start
    while s < end - 1 {
      let d = street.kerb(side) + side * 0.3
      let near = street.point(d, s, height: Street.kerbHeight)
      let far = street.point(d, s + 2, height: Street.kerbHeight)
      world.quad(
        near, far - near, Vector3(0, 1.05, 0), .matte(colour(60, 64, 64), grain: 0), .fence,
        cut: .railing(spacing: 0.11, bar: 0.028, height: 1.05))
      world.capsule(
        near, 0.03, near + Vector3(0, 1.1, 0), 0.03, .matte(colour(60, 64, 64), grain: 0), .fence)
      s += 2
    }
  }

  /// Everything of iron along the kerbs.
  mutating func addFurniture(random: inout SceneRandom) {
    var s = random.uniform(9...18)
    var side: Float = random.chance(0.5) ? 1 : -1
    while s < street.end {
      addLampPost(s: s, side: side)
      side = -side
      s += random.uniform(13...19)
    }
    if street.stopLine > 0 {
      let lit = random.integer(0...2)
      let clear: Float = 0.5
      addTrafficLight(d: street.kerb(-1) - clear, s: street.stopLine, lit: lit)
      addTrafficLight(d: street.kerb(1) + clear, s: street.stopLine, lit: lit)
      addTrafficLight(
        d: street.kerb(1) + clear, s: street.sideRoad.upperBound + 2, lit: lit)
    }
    for side: Float in [-1, 1] {
      var s = random.uniform(8...20)
      while s < street.end {
        addSign(
          d: street.kerb(side) + side * 0.5, s: s, facesCamera: side < 0 || random.chance(0.4),
          random: &random)
        s += random.uniform(12...26)
      }
      if random.chance(0.4) {
        let start = random.uniform(9...20)
        addGuardRail(side: side, from: start, to: start + random.uniform(8...18))
      } else if random.chance(0.6) {
        var s = random.uniform(6...14)
        let end = s + random.uniform(6...18)
        while s < end {
          let foot = street.point(street.kerb(side) + side * 0.35, s, height: Street.kerbHeight)
          addPole(at: foot, height: 0.95, radius: 0.075, Scene.black)
          s += 1.6
        }
      }
    }
  }
}
