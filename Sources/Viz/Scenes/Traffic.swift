/// The cars and vans of the street: parked, driving, crossing.
extension Scene {
  /// A colour that cars are sold in: mostly silver, grey, black, blue and white.
  static func lacquer(_ random: inout SceneRandom) -> Vector3 {
    random.shade(
      random.pick([
        colour(150, 153, 156), colour(150, 153, 156), colour(96, 99, 104), colour(40, 42, 46),
        colour(30, 31, 34), colour(40, 54, 92), colour(52, 72, 110), colour(196, 196, 192),
        colour(112, 22, 26), colour(36, 62, 48), colour(120, 30, 30),
      ]), by: 0.2)
  }

  /// Parked and driving cars.
  mutating func addTraffic(isDense: Bool, random: inout SceneRandom) {
    func body() -> VehicleBody {
      random.pick([.hatchback, .hatchback, .saloon, .estate, .van])
    }
    for side: Float in [-1, 1] where side < 0 ? street.parksLeft : street.parksRight {
      var s = side < 0 ? random.uniform(9...14) : random.uniform(5...10)
      while s < street.end - 6 {
        let gap = street.sideRoadSide == side && street.sideRoad.overlaps((s - 6)...(s + 6))
        let isNearLights = street.stopLine > 0 && abs(s - street.stopLine) < 9
        if !gap && !isNearLights && random.chance(0.82) {
          let d = side * (street.halfRoad - 0.98 - random.uniform(0...0.15))
          // One parks with the traffic: on the left forwards, on the right towards us, mostly.
          let looksAhead = side < 0 ? random.chance(0.95) : random.chance(0.25)
          let forward = street.heading(s) * (looksAhead ? 1 : -1)
          let chosen = body()
          addVehicle(
            chosen, at: Placement(origin: street.point(d, s), forward: forward),
            paint: Scene.lacquer(&random), isDriving: false, random: &random)
        }
        s += random.uniform(5.0...6.6)
      }
    }
    let lane = street.halfRoad * 0.5 - (street.parksLeft || street.parksRight ? 0.55 : 0)
    // Ahead in our lane, seen from behind.
    if random.chance(isDense ? 0.9 : 0.6) {
      var s = random.uniform(13...26)
      for _ in 0..<random.integer(1...(isDense ? 3 : 1)) {
        let chosen = body()
        addVehicle(
          chosen,
          at: Placement(
            origin: street.point(-lane + random.uniform(-0.2...0.2), s),
            forward: street.heading(s)), paint: Scene.lacquer(&random), isDriving: true,
          random: &random)
        s += random.uniform(9...16)
      }
    }
    // Oncoming.
    var s = random.uniform(9...30)
    for _ in 0..<random.integer(1...(isDense ? 4 : 2)) {
      let chosen = body()
      addVehicle(
        chosen,
        at: Placement(
          origin: street.point(lane + random.uniform(-0.25...0.25), s),
          forward: -street.heading(s)), paint: Scene.lacquer(&random), isDriving: true,
        random: &random)
      s += random.uniform(9...26)
    }
    // Crossing where the side road meets ours.
    if random.chance(0.6) {
      let s = (street.sideRoad.lowerBound + street.sideRoad.upperBound) / 2
      let chosen = body()
      let d = street.sideRoadSide * (street.halfRoad + random.uniform(-2...1))
      addVehicle(
        chosen,
        at: Placement(
          origin: street.point(d, s + 1.5),
          forward: Vector3(-street.sideRoadSide, 0, 0.15).normalized),
        paint: Scene.lacquer(&random), isDriving: true, random: &random)
    }
  }
}
