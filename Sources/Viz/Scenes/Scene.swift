/// What stands where: a street of a kind under a light, furnished from the seed.
///
/// Nothing here knows the size of the picture.
struct Scene {
  let light: Light
  let street: Street
  let camera: (position: Vector3, pitch: Float, yaw: Float)
  let noiseSeed: UInt32
  var world = World()

  init(seed: UInt64) {
    var random = SceneRandom(seed: seed)
    var lightRandom = random.fork()
    var streetRandom = random.fork()
    var left = random.fork()
    var right = random.fork()
    var end = random.fork()
    var furniture = random.fork()
    var traffic = random.fork()
    var people = random.fork()
    noiseSeed = random.textureSeed()

    // Neighbouring seeds differ in light, kind of street and traffic, so that a few make a choice.
    let moods: [Light.Mood] = [.sunny, .brightOvercast, .goldenHour, .sunny, .dusk]
    light = Light(mood: moods[Int(seed % 5)], random: &lightRandom)
    let kinds: [(Street.Frontage, Street.Frontage)] = [
      (.shops, .park), (.shops, .shops), (.terrace, .terrace), (.stone, .park),
      (.offices, .shops), (.park, .terrace), (.shops, .stone),
    ]
    let kind = kinds[Int(seed % 7)]
    let isDense = seed % 3 != 0
    street = Street(left: kind.0, right: kind.1, isDense: isDense, random: &streetRandom)
    let parking: Float = street.parksLeft ? 0.8 : 0
    camera = (
      Vector3(-street.halfRoad * 0.45 + parking, streetRandom.uniform(1.3...1.55), 0),
      streetRandom.uniform(-0.09...0.0), streetRandom.uniform(-0.03...0.09)
    )

    addGround()
    let foliage: Foliage =
      streetRandom.chance(0.45)
      ? .bare
      : .leaves(
        streetRandom.pick([colour(86, 98, 48), colour(98, 104, 56), colour(72, 86, 46)]))
    for (side, frontage) in [(Float(-1), street.left), (Float(1), street.right)] {
      if side < 0 {
        addRow(frontage, side: side, random: &left)
        if frontage == .park { addPark(side: side, foliage: foliage, random: &left) }
      } else {
        addRow(frontage, side: side, random: &right)
        if frontage == .park { addPark(side: side, foliage: foliage, random: &right) }
      }
    }
    addStreetEnd(random: &end)
    addStreetTrees(foliage, random: &end)
    addFurniture(random: &furniture)
    addTraffic(isDense: isDense, random: &traffic)
    addPeople(isDense: isDense, random: &people)
  }

  /// Trees on the pavement, at the end of the street and down the side road.
  private mutating func addStreetTrees(_ foliage: Foliage, random: inout SceneRandom) {
    for side: Float in [-1, 1] where random.chance(0.4) {
      var s = random.uniform(14...30)
      while s < street.end - 5 {
        let foot = street.point(
          street.kerb(side) + side * 0.7, s, height: Street.kerbHeight)
        addTree(at: foot, height: random.uniform(5.5...8), foliage: foliage, random: &random)
        s += random.uniform(11...22)
      }
    }
    for _ in 0..<3 {
      let foot = street.point(random.uniform(-14...14), street.end + random.uniform(5...12))
      if abs(foot.x - street.middle(street.end)) > street.halfRoad + 1 {
        addTree(at: foot, height: random.uniform(7...12), foliage: foliage, random: &random)
      }
    }
    let s = (street.sideRoad.lowerBound + street.sideRoad.upperBound) / 2 + 6
    addTree(
      at: street.point(street.sideRoadSide * (street.halfRoad + 22), s),
      height: random.uniform(8...11), foliage: foliage, random: &random)
  }

  /// Carriageway, kerbs and pavements in straight pieces that follow the bend.
  private mutating func addGround() {
    // What lies beyond is asphalt too; a little lower, so that everything covers it.
    world.quad(
      Vector3(-150, -0.04, -10), Vector3(300, 0, 0), Vector3(0, 0, 400), .asphalt, .road)
    var s: Float = -8
    while s < street.end + 6 {
      let step: Float = s < 60 ? 4 : 8
      let next = s + step
      for side: Float in [-1, 1] {
        let opens = side == street.sideRoadSide
        let pieces =
          opens
          ? Scene.pieces(s...next, without: street.sideRoad) : [s...next]
        for piece in pieces {
          addPavement(side: side, from: piece.lowerBound, to: piece.upperBound)
        }
      }
      let near = street.point(-street.halfRoad, s)
      let far = street.point(-street.halfRoad, next)
      world.quad(
        near, Vector3(street.halfRoad * 2, 0, 0), far - near, .asphalt, .road)
      s = next
    }
  }

  private mutating func addPavement(side: Float, from start: Float, to end: Float) {
    let up = Vector3(0, Street.kerbHeight, 0)
    let near = street.point(street.kerb(side), start)
    let far = street.point(street.kerb(side), end)
    let breadth = (side < 0 ? street.leftPavement : street.rightPavement) + 1
    world.quad(near, far - near, up, .paving, .pavement)
    world.quad(near + up, Vector3(side * breadth, 0, 0), far - near, .paving, .pavement)
    world.quad(near, Vector3(side * breadth, 0, 0), up, .paving, .pavement)
  }

  /// What is left of `range` without `gap`.
  private static func pieces(
    _ range: ClosedRange<Float>, without gap: ClosedRange<Float>
  ) -> [ClosedRange<Float>] {
    var rest: [ClosedRange<Float>] = []
    if range.lowerBound < gap.lowerBound {
      rest.append(range.lowerBound...min(range.upperBound, gap.lowerBound))
    }
    if range.upperBound > gap.upperBound {
      rest.append(max(range.lowerBound, gap.upperBound)...range.upperBound)
    }
    return rest
  }
}
