/// Clothes and build of one person.
struct Figure {
  let height: Float
  let coat, trousers, skin, hair, shoes: Vector3
  let hasBag: Bool
  let wearsLongCoat: Bool

  init(random: inout SceneRandom) {
    let cloths = [
      colour(40, 42, 50), colour(30, 30, 32), colour(58, 50, 46), colour(72, 74, 80),
      colour(44, 56, 80), colour(96, 36, 38), colour(84, 84, 70), colour(120, 112, 100),
      colour(26, 34, 52), colour(150, 148, 144),
    ]
    height = random.uniform(1.58...1.86)
    coat = random.shade(random.pick(cloths), by: 0.3)
    trousers = random.shade(
      random.pick([colour(36, 40, 56), colour(30, 30, 32), colour(60, 58, 54), colour(52, 60, 84)]),
      by: 0.3)
    skin = random.shade(
      random.pick([colour(196, 150, 124), colour(180, 134, 108), colour(112, 76, 56)]), by: 0.1)
    hair = random.pick([
      colour(40, 30, 24), colour(24, 20, 18), colour(84, 64, 42), colour(120, 112, 104),
    ])
    shoes = colour(24, 22, 22)
    hasBag = random.chance(0.4)
    wearsLongCoat = random.chance(0.3)
  }
}

/// People on foot and on bicycles, jointed from round limbs.
extension Scene {
  /// Someone walking, unless something is in the way; `phase` is the place in the stride, in turns.
  mutating func addPedestrian(at place: Placement, phase: Float, random: inout SceneRandom) {
    guard world.isFree(place.origin, radius: 0.3) else { return }
    let figure = Figure(random: &random)
    let h = figure.height
    let coat = Material.matte(figure.coat, grain: 0.09)
    let legs = Material.matte(figure.trousers, grain: 0.12)
    let hip = h * 0.51
    for side: Float in [-1, 1] {
      let swing = unitCircle(phase + (side < 0 ? 0.5 : 0)).sin
      let lift = max(0, unitCircle(phase + (side < 0 ? 0.75 : 0.25)).sin)
      let knee = place.point(swing * 0.16 + 0.05 * lift, h * 0.285, side * 0.085)
      let ankle = place.point(
        swing * 0.30 - 0.12 * lift, 0.09 + 0.06 * lift, side * 0.08)
      world.capsule(place.point(0, hip, side * 0.085), 0.088, knee, 0.062, legs, .pedestrian)
      world.capsule(knee, 0.062, ankle, 0.047, legs, .pedestrian)
      world.capsule(
        ankle - Vector3(0, 0.045, 0), 0.048,
        ankle + place.forward * 0.16 - Vector3(0, 0.05, 0), 0.036,
        .matte(figure.shoes, grain: 0), .pedestrian)
      let shoulder = place.point(0, h * 0.80, side * 0.175)
      let elbow = place.point(-swing * 0.10 - 0.03, h * 0.635, side * 0.225)
      let hand = place.point(-swing * 0.20 + 0.07, h * 0.49, side * 0.215)
      world.capsule(shoulder, 0.062, elbow, 0.05, coat, .pedestrian)
      world.capsule(elbow, 0.05, hand, 0.036, coat, .pedestrian)
      world.ball(
        hand - Vector3(0, 0.03, 0), 0.04, .matte(figure.skin, grain: 0), .pedestrian)
      // Two round bars side by side make a trunk wider than it is deep.
      world.capsule(
        place.point(0, h * 0.775, side * 0.095), 0.092, place.point(0, hip, side * 0.06), 0.105,
        coat, .pedestrian)
      if figure.wearsLongCoat {
        world.capsule(
          place.point(0, hip, side * 0.07), 0.115,
          place.point(swing * 0.05, h * 0.33, side * 0.085), 0.13, coat, .pedestrian)
      }
    }
    world.capsule(
      place.point(0.03, h * 0.77, 0), 0.11, place.point(0.02, hip, 0), 0.12, coat, .pedestrian)
    addHead(at: place.point(0.02, h, 0), looking: place.forward, figure, .pedestrian)
    if figure.hasBag {
      let strap = Material.matte(random.shade(colour(60, 50, 44), by: 0.5), grain: 0.1)
      world.capsule(
        place.point(-0.16, h * 0.77, 0), 0.10, place.point(-0.17, h * 0.62, 0), 0.12, strap,
        .pedestrian)
    }
    world.add(
      Footprint(
        centre: place.origin, along: place.forward, halfLength: 0.22, halfWidth: 0.2, depth: 0.5))
  }

  /// Neck and head under the crown of the head at `top`.
  private mutating func addHead(
    at top: Vector3, looking: Vector3, _ figure: Figure, _ label: StreetClass
  ) {
    let r = figure.height * 0.053
    let skin = Material.matte(figure.skin, grain: 0)
    world.capsule(
      top - Vector3(0, r * 3.6, 0), 0.055, top - Vector3(0, r * 2, 0), 0.05, skin, label)
    world.capsule(
      top - Vector3(0, r * 1.75, 0), r * 0.8, top - Vector3(0, r, 0), r,
      .head(skin: figure.skin, hair: figure.hair, looking: looking), label)
  }

  /// Someone on a bicycle, unless something is in the way; `phase` is the angle of the pedals, in turns.
  mutating func addCyclist(at place: Placement, phase: Float, random: inout SceneRandom) {
    guard world.isFree(place.origin, radius: 0.8) else { return }
    let figure = Figure(random: &random)
    let label = StreetClass.bicyclist
    let tube = Material.paint(Scene.lacquer(&random))
    let black = Material.matte(Vector3(0.012, 0.012, 0.012), grain: 0)
    let wheel: Float = 0.34
    for axle: Float in [-0.52, 0.53] {
      let hub = place.point(axle, wheel, 0)
      for offset: Float in [-0.012, 0.012] {
        world.disc(
          hub + place.right * offset, facing: place.right, radius: wheel, black, label,
          cut: .wheel(radius: wheel), corners: 28)
      }
      // From behind a wheel is a thin upright.
      world.capsule(
        hub - Vector3(0, wheel - 0.02, 0), 0.018, hub + Vector3(0, wheel - 0.02, 0), 0.018, black,
        label)
    }
    let crank = place.point(-0.08, 0.29, 0)
    let saddle = place.point(-0.24, 0.93, 0)
    let stem = place.point(0.36, 0.88, 0)
    let bars = place.point(0.40, 1.03, 0)
    for (a, b) in [
      (crank, saddle), (crank, stem), (stem, saddle - Vector3(0, 0.1, 0)),
      (place.point(-0.52, wheel, 0), crank), (place.point(-0.52, wheel, 0), saddle),
      (place.point(0.53, wheel, 0), bars),
    ] {
      world.capsule(a, 0.019, b, 0.019, tube, label)
    }
    world.capsule(
      place.point(0.40, 1.03, -0.27), 0.018, place.point(0.40, 1.03, 0.27), 0.018, black, label)
    world.capsule(
      place.point(-0.36, 0.96, 0), 0.06, place.point(-0.12, 0.96, 0), 0.03, black, label)
    // Mudguard and a red lamp.
    world.ball(
      place.point(-0.52, 0.74, 0), 0.035,
      .lamp(Vector3(0.4, 0.012, 0.012), lit: light.isDark), label)

    let isBright = random.chance(0.12)
    let coat = Material.matte(isBright ? colour(176, 186, 70) : figure.coat, grain: 0.09)
    let legs = Material.matte(figure.trousers, grain: 0.12)
    for side: Float in [-1, 1] {
      let turn = unitCircle(phase + (side < 0 ? 0.5 : 0))
      let pedal = place.point(-0.08 + turn.cos * 0.16, 0.29 + turn.sin * 0.16, side * 0.13)
      let hip = place.point(-0.2, 1.0, side * 0.1)
      let knee = mix(hip, pedal, 0.5) + place.direction(1, 0.35, 0.1 * side) * 0.19
      world.capsule(hip, 0.10, knee, 0.066, legs, label)
      world.capsule(knee, 0.066, pedal + Vector3(0, 0.08, 0), 0.05, legs, label)
      world.capsule(
        pedal + Vector3(0, 0.03, 0) - place.forward * 0.08, 0.045,
        pedal + Vector3(0, 0.02, 0) + place.forward * 0.12, 0.036,
        .matte(figure.shoes, grain: 0), label)
      let shoulder = place.point(0.10, 1.46, side * 0.18)
      let elbow = place.point(0.20, 1.22, side * 0.26)
      world.capsule(shoulder, 0.064, elbow, 0.05, coat, label)
      world.capsule(elbow, 0.05, place.point(0.38, 1.07, side * 0.25), 0.038, coat, label)
      world.capsule(
        place.point(0.08, 1.43, side * 0.09), 0.10, place.point(-0.2, 1.03, side * 0.07), 0.12,
        coat, label)
    }
    world.capsule(
      place.point(0.10, 1.42, 0), 0.11, place.point(-0.18, 1.03, 0), 0.13, coat, label)
    addHead(at: place.point(0.2, 1.77, 0), looking: place.forward, figure, label)
    if random.chance(0.4) {
      let shell = random.pick([colour(180, 180, 180), colour(40, 44, 60), colour(120, 30, 30)])
      world.ball(place.point(0.19, 1.695, 0), 0.125, .paint(shell), label)
    }
    if figure.hasBag {
      world.capsule(
        place.point(-0.06, 1.42, 0), 0.12, place.point(-0.18, 1.2, 0), 0.13,
        .matte(figure.hair, grain: 0.1), label)
    }
    world.add(
      Footprint(
        centre: place.origin, along: place.forward, halfLength: 0.8, halfWidth: 0.16, depth: 0.5))
  }

  /// The people of the street.
  mutating func addPeople(isDense: Bool, random: inout SceneRandom) {
    for side: Float in [-1, 1] {
      let breadth = side < 0 ? street.leftPavement : street.rightPavement
      var s = random.uniform(7...14)
      while s < street.end - 10 {
        let count = random.chance(isDense ? 0.75 : 0.4) ? random.integer(1...(isDense ? 3 : 2)) : 0
        let ahead = random.chance(0.5)
        for member in 0..<count {
          let d = street.kerb(side) + side * random.uniform(0.5...(breadth - 0.45))
          let at = s + Float(member) * random.uniform(0.3...0.9)
          let forward = street.heading(at) * (ahead ? 1 : -1)
          let place = Placement(
            origin: street.point(d, at, height: Street.kerbHeight), forward: forward)
          addPedestrian(at: place, phase: random.unit(), random: &random)
        }
        s += random.uniform(4...(isDense ? 9 : 16))
      }
    }
    // Someone crosses.
    if random.chance(0.5) {
      let s = random.uniform(14...30)
      let way: Float = random.chance(0.5) ? 1 : -1
      let place = Placement(
        origin: street.point(random.uniform(-2...3), s), forward: Vector3(way, 0, 0))
      addPedestrian(at: place, phase: random.unit(), random: &random)
    }
    let inset: Float = street.parksLeft ? 2.6 : 0.75
    var s = random.uniform(8...15)
    for _ in 0..<random.integer(1...3) {
      let d = street.kerb(-1) + inset + random.uniform(0...0.5)
      let place = Placement(origin: street.point(d, s), forward: street.heading(s))
      addCyclist(at: place, phase: random.unit(), random: &random)
      s += random.uniform(2.5...12)
    }
    if random.chance(0.6) {
      let far = random.uniform(12...34)
      let d = street.kerb(1) - (street.parksRight ? 2.7 : 0.9)
      let place = Placement(origin: street.point(d, far), forward: -street.heading(far))
      addCyclist(at: place, phase: random.unit(), random: &random)
    }
  }
}
