/// Trees, hedges and lawns.
extension Scene {
  /// How a tree is clad.
  enum Foliage {
    case leaves(Vector3)
    /// Bare, as in winter.
    case bare
  }

  /// A tree of `height` metres at `foot`.
  mutating func addTree(
    at foot: Vector3, height: Float, foliage: Foliage, random: inout SceneRandom
  ) {
    let bark = random.shade(colour(88, 78, 66), by: 0.2)
    let lean = Vector3(random.uniform(-0.05...0.05), 1, random.uniform(-0.05...0.05))
    let fork = foot + lean * (height * random.uniform(0.28...0.36))
    let girth = height * random.uniform(0.018...0.026)
    world.capsule(
      foot - Vector3(0, 0.1, 0), girth * 1.25, fork, girth, .matte(bark, grain: 0.15), .tree)
    world.add(
      Footprint(
        centre: foot, along: Vector3(0, 0, 1), halfLength: girth + 0.2, halfWidth: girth + 0.2,
        depth: 0.45))
    let limbs = random.integer(6...8)
    for limb in 0..<limbs {
      let (cos, sin) = unitCircle(Float(limb) / Float(limbs) + random.uniform(-0.06...0.06))
      let spread = height * random.uniform(0.12...0.3)
      let tip =
        fork
        + Vector3(
          cos * spread, height * random.uniform(0.26...0.58), sin * spread)
      let elbow = mix(fork, tip, 0.5) + Vector3(cos, -0.3, sin) * (spread * 0.2)
      world.capsule(fork, girth * 0.75, elbow, girth * 0.42, .matte(bark, grain: 0.15), .tree)
      world.capsule(elbow, girth * 0.42, tip, girth * 0.14, .matte(bark, grain: 0.15), .tree)
      addSprays(from: elbow, to: tip, height, foliage, bark, girth: girth * 0.3, random: &random)
    }
    if case .leaves(let green) = foliage {
      let heart = foot + lean * (height * 0.68)
      world.crown(
        heart, height * 0.23,
        cut: .leaves(radius: height * 0.23, seed: random.textureSeed()),
        .leaves(green * 0.7, seed: random.textureSeed()), .tree)
    }
  }

  /// What grows from one limb.
  private mutating func addSprays(
    from elbow: Vector3, to tip: Vector3, _ height: Float, _ foliage: Foliage, _ bark: Vector3,
    girth: Float, random: inout SceneRandom
  ) {
    var sprays = 3
    if case .bare = foliage { sprays = 2 }
    for _ in 0..<sprays {
      let root = mix(elbow, tip, random.uniform(0.1...1))
      let reach = height * 0.13
      let centre =
        root
        + Vector3(
          random.uniform(-1...1) * reach, random.uniform(-0.3...0.8) * reach,
          random.uniform(-1...1) * reach)
      world.capsule(root, girth * 0.6, centre, girth * 0.15, .matte(bark, grain: 0.15), .tree)
      switch foliage {
      case .leaves(let green):
        let radius = height * random.uniform(0.10...0.155)
        let tint = random.shade(green, by: 0.22)
        world.crown(
          centre, radius, cut: .leaves(radius: radius, seed: random.textureSeed()),
          .leaves(tint, seed: random.textureSeed()), .tree)
      case .bare:
        let radius = height * random.uniform(0.15...0.2)
        world.crown(
          centre, radius, cut: .twigs(radius: radius, seed: random.textureSeed()),
          .twigs(bark * 0.9), .tree)
      }
    }
  }

  /// A clipped hedge along the street.
  mutating func addHedge(
    _ d: Float, from start: Float, to end: Float, height: Float, random: inout SceneRandom
  ) {
    let green = random.shade(colour(74, 84, 46), by: 0.2)
    var s = start
    while s < end {
      let radius = height * random.uniform(0.5...0.62)
      let centre = street.point(d + random.uniform(-0.15...0.15), s, height: height * 0.52)
      world.crown(
        centre, radius, cut: .leaves(radius: radius, seed: random.textureSeed()),
        .leaves(random.shade(green, by: 0.15), seed: random.textureSeed()), .tree)
      s += radius * 0.9
    }
  }

  /// A lawn with trees behind a railing on a low wall, on one side.
  mutating func addPark(side: Float, foliage: Foliage, random: inout SceneRandom) {
    let line = street.buildingLine(side)
    let step: Float = 8
    var s: Float = -6
    while s < street.end {
      let near = street.point(line, s)
      let far = street.point(line, s + step)
      world.quad(
        near + Vector3(side * 0.3, 0.14, 0), far - near, Vector3(side * 60, 0, 0), .grass, .tree)
      if side != street.sideRoadSide || !street.sideRoad.overlaps(s...(s + step)) {
        addRailing(from: near, to: far, random: &random)
      }
      s += step
    }
    s = random.uniform(5...9)
    while s < street.end + 10 {
      let foot = street.point(line + side * random.uniform(2.5...4.5), s)
      addTree(at: foot, height: random.uniform(8...12), foliage: foliage, random: &random)
      if random.chance(0.7) {
        let behind = street.point(line + side * random.uniform(9...18), s + 3)
        addTree(at: behind, height: random.uniform(9...14), foliage: foliage, random: &random)
      }
      s += random.uniform(7...11)
    }
    addHedge(line + side * 8, from: 4, to: street.end, height: 1.8, random: &random)
  }
}
