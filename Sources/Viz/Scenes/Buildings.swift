/// Houses: fronts, blind sides, roofs, chimneys, shop signs.
extension Scene {
  /// What a house of a kind of street looks like.
  static func facade(
    for frontage: Street.Frontage, width: Float, random: inout SceneRandom
  ) -> Facade {
    let bricks = [
      colour(146, 116, 96), colour(134, 102, 86), colour(170, 150, 118), colour(128, 104, 92),
      colour(160, 140, 116),
    ]
    let stones = [colour(176, 164, 142), colour(160, 152, 138), colour(150, 140, 122)]
    let renders = [
      colour(198, 194, 184), colour(186, 178, 158), colour(172, 172, 168), colour(190, 180, 164),
    ]
    let fascias = [
      colour(28, 34, 46), colour(40, 60, 48), colour(92, 24, 28), colour(24, 24, 26),
      colour(44, 62, 104), colour(150, 146, 136), colour(60, 30, 52), colour(120, 96, 52),
    ]
    let whiteTrim = colour(196, 192, 182)
    var front = Facade(
      wall: .brick, colour: random.pick(bricks), trim: whiteTrim, frame: colour(188, 188, 184),
      width: width, height: 0, groundHeight: 3.0, floorHeight: random.uniform(2.7...3.0),
      floors: 1, bays: 2, windowWidth: random.uniform(0.95...1.15),
      windowHeight: random.uniform(1.5...1.75), sill: 0.8, groundFloor: .dwelling, hasBars: true,
      seed: random.textureSeed())
    var bay = random.uniform(2.2...3.0)
    switch frontage {
    case .shops:
      front.groundHeight = random.uniform(3.5...4.1)
      front.floors = random.integer(1...3)
      front.groundFloor = .shop(random.shade(random.pick(fascias), by: 0.3))
      switch random.integer(0...5) {
      case 0, 1, 2: break
      case 3:
        front.wall = .stone
        front.colour = random.pick(stones)
      default:
        front.wall = .render
        front.colour = random.pick(renders)
      }
    case .terrace, .park:
      front.floors = random.integer(1...2)
      if random.chance(0.25) {
        front.wall = .render
        front.colour = random.pick(renders)
      }
    case .stone:
      front.wall = .stone
      front.colour = random.pick(stones)
      front.trim = front.colour * 1.15
      front.groundHeight = random.uniform(3.4...4.2)
      front.floorHeight = random.uniform(3.3...3.9)
      front.floors = random.integer(1...2)
      front.windowHeight = random.uniform(1.9...2.3)
      front.windowWidth = random.uniform(1.1...1.4)
      bay = random.uniform(2.8...3.8)
    case .offices:
      front.wall = random.chance(0.6) ? .panels : .brick
      front.colour = random.pick(front.wall == .panels ? stones : bricks)
      front.trim = colour(150, 150, 148)
      front.frame = colour(70, 72, 76)
      front.groundHeight = random.uniform(3.6...4.4)
      front.floorHeight = random.uniform(3.1...3.5)
      front.floors = random.integer(2...3)
      front.groundFloor = random.chance(0.6) ? .lobby : .shop(random.pick(fascias))
      front.hasBars = false
      bay = random.uniform(2.4...3.6)
      front.windowWidth = bay * random.uniform(0.6...0.86)
      front.windowHeight = random.uniform(1.6...2.0)
    }
    front.colour = random.shade(front.colour, by: 0.15)
    front.bays = max(1, Int(width / bay))
    let storeys = front.groundHeight + Float(front.floors) * front.floorHeight
    front.height = storeys + random.uniform(0.35...0.9)
    return front
  }

  /// A house with its front from `start` to `end` (seen from the street), reaching `depth` metres back along `inward`.
  mutating func addHouse(
    _ facade: Facade, from start: Vector3, to end: Vector3, inward: Vector3, depth: Float,
    hasPitchedRoof: Bool, random: inout SceneRandom
  ) {
    let number = world.add(facade)
    let along = end - start
    let up = Vector3(0, facade.height, 0)
    let back = inward * depth
    world.quad(start, along, up, .facade(number), .building)
    let slate = random.shade(random.pick([colour(88, 86, 90), colour(104, 84, 74)]), by: 0.2)
    for corner in [start, end] {
      world.quad(corner, back, up, .gable(number), .building)
    }
    guard hasPitchedRoof else {
      world.quad(start + up, along, back, .matte(Vector3(0.05, 0.05, 0.05), grain: 2), .building)
      return
    }
    let eaves = start + up - inward * 0.25
    let ridge = inward * (depth / 2) + Vector3(0, depth * random.uniform(0.26...0.36), 0)
    world.quad(eaves, along, ridge + inward * 0.25, .roof(slate), .building)
    world.quad(
      start + up + ridge, along, back - inward * (depth / 2) - Vector3(0, ridge.y, 0), .roof(slate),
      .building)
    for corner in [start + up, end + up] {
      world.polygon([corner, corner + back, corner + ridge], .gable(number), .building)
    }
    if random.chance(0.75) {
      addChimney(
        at: start + up + along * random.pick([0.06, 0.85]) + ridge - Vector3(0, 0.5, 0),
        along: along.normalized, inward: inward, facade: number, random: &random)
    }
  }

  /// A stack on the ridge with its pots.
  private mutating func addChimney(
    at base: Vector3, along: Vector3, inward: Vector3, facade: Int, random: inout SceneRandom
  ) {
    let height = random.uniform(1.3...2.1)
    world.box(
      base - inward * 0.5, along: along * 0.6, across: inward, height: height, .gable(facade),
      .building)
    let clay = colour(150, 92, 66)
    for pot in 0..<random.integer(2...4) {
      let foot = base + along * 0.3 + inward * (Float(pot) * 0.27 - 0.38) + Vector3(0, height, 0)
      world.capsule(
        foot, 0.1, foot + Vector3(0, 0.4, 0), 0.085, .matte(clay, grain: 0), .building)
    }
  }

  /// The row of houses on one side (−1 left, 1 right).
  mutating func addRow(_ frontage: Street.Frontage, side: Float, random: inout SceneRandom) {
    let line = street.buildingLine(side)
    var s: Float = -7
    var bayRandom = random.fork()
    while s < street.end - 4 {
      var width: Float
      switch frontage {
      case .shops: width = random.uniform(5...9)
      case .terrace, .park: width = random.uniform(4.6...6.5)
      case .stone: width = random.uniform(10...18)
      case .offices: width = random.uniform(12...22)
      }
      if side == street.sideRoadSide {
        if street.sideRoad.contains(s) { s = street.sideRoad.upperBound }
        if s < street.sideRoad.lowerBound { width = min(width, street.sideRoad.lowerBound - s) }
        if width < 2.5 {
          s = street.sideRoad.upperBound
          continue
        }
      }
      let setback = frontage == .park ? random.uniform(24...30) : random.pick([0, 0, 0, 0.35, 0.8])
      let d = line + side * setback
      let start = street.point(d, s)
      let end = street.point(d, s + width)
      let front = Scene.facade(for: frontage, width: (end - start).length, random: &random)
      let pitched: Bool
      switch frontage {
      case .offices: pitched = false
      case .stone: pitched = random.chance(0.4)
      default: pitched = random.chance(0.85)
      }
      addHouse(
        front, from: start, to: end, inward: Vector3(side, 0, 0),
        depth: random.uniform(7...9.5), hasPitchedRoof: pitched, random: &random)
      if frontage == .shops && bayRandom.chance(0.55) {
        addShopSign(at: s + width * bayRandom.uniform(0.2...0.8), d, side, random: &bayRandom)
      }
      s += width
    }
  }

  /// What closes the street: a house front across it, and roofs behind.
  mutating func addStreetEnd(random: inout SceneRandom) {
    let far = street.end + 14
    var d: Float = -46
    while d < 46 {
      let width = random.uniform(8...14)
      let front = Scene.facade(
        for: random.pick([.terrace, .shops, .stone]), width: width, random: &random)
      let start = street.point(0, far) + Vector3(d, 0, 0)
      addHouse(
        front, from: start, to: start + Vector3(width, 0, 0), inward: Vector3(0, 0, 1), depth: 9,
        hasPitchedRoof: random.chance(0.8), random: &random)
      d += width
    }
    addSteeple(beyond: far, random: &random)
  }

  /// A church tower over the roofs, with a spire or battlements.
  private mutating func addSteeple(beyond far: Float, random: inout SceneRandom) {
    let front = Scene.facade(for: .stone, width: 7, random: &random)
    let number = world.add(front)
    let foot = street.point(random.uniform(-26...26), far + random.uniform(20...50))
    let side: Float = 6
    let (along, across) = (Vector3(side, 0, 0), Vector3(0, 0, side))
    let height = random.uniform(15...21)
    world.box(foot, along: along, across: across, height: height, .gable(number), .building)
    let top = foot + Vector3(0, height, 0)
    if random.chance(0.6) {
      let tip = top + (along + across) / 2 + Vector3(0, random.uniform(9...15), 0)
      let lead = Material.roof(colour(104, 106, 108))
      world.polygon([top, top + along, tip], lead, .building)
      world.polygon([top, top + across, tip], lead, .building)
      world.polygon([top + along, top + along + across, tip], lead, .building)
    } else {
      for notch in 0..<4 {
        world.quad(
          top + along * (Float(notch) * 0.27), along * 0.19, Vector3(0, 1.1, 0), .gable(number),
          .building)
      }
    }
    // The bell stage.
    for opening: Float in [0.2, 0.58] {
      world.quad(
        foot + along * opening + Vector3(0, height - 4.2, -0.02), along * 0.22,
        Vector3(0, 2.6, 0), .matte(Vector3(0.02, 0.02, 0.02), grain: 0), .building)
    }
  }
}
