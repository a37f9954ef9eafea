/// The light of one hour: sun, sky, haze, and how the camera exposes for them.
struct Light {
  /// The hours and weathers that scenes are drawn in.
  enum Mood: CaseIterable {
    case brightOvercast
    case sunny
    case goldenHour
    case dusk
  }

  /// Unit vector to the sun.
  let toSun: Vector3
  /// Irradiance of the sun at right angles; zero under clouds.
  let sun: Vector3
  /// Irradiance from the open sky, and light thrown back by the street.
  let ambient, bounce: Vector3
  /// Radiance of the sky overhead and at the horizon.
  let zenith, horizon, cloud: Vector3
  /// Share of the sky that clouds cover, and their texture.
  let cloudiness: Float
  let cloudSeed: UInt32
  /// Street lamps, windows and car lights are lit.
  let isDark: Bool
  let exposure: Float

  /// The light of `mood`, varied by `random`.
  init(mood: Mood, random: inout SceneRandom) {
    let side: Float = random.chance(0.5) ? 1 : -1
    cloudSeed = random.textureSeed()
    exposure = random.uniform(1.02...1.2)
    // Mostly along the street, where it reaches the ground between the houses.
    let bearing = random.uniform(0.2...0.7)
    let depth = random.chance(0.4) ? random.uniform(0.5...1) : -random.uniform(0.5...1)
    switch mood {
    case .brightOvercast:
      toSun = .upward
      sun = .zero
      ambient = Vector3(0.80, 0.82, 0.86)
      bounce = Vector3(0.22, 0.22, 0.22)
      zenith = Vector3(0.80, 0.86, 0.92)
      horizon = Vector3(1.05, 1.07, 1.08)
      cloud = Vector3(0.78, 0.81, 0.85)
      cloudiness = random.uniform(0.55...0.95)
      isDark = false
    case .sunny:
      toSun = Vector3(side * bearing, random.uniform(0.75...1.15), depth).normalized
      sun = Vector3(1.5, 1.4, 1.25)
      ambient = Vector3(0.36, 0.41, 0.50)
      bounce = Vector3(0.19, 0.18, 0.165)
      zenith = Vector3(0.36, 0.60, 0.93)
      horizon = Vector3(0.92, 1.02, 1.06)
      cloud = Vector3(1.1, 1.1, 1.1)
      cloudiness = random.uniform(0.1...0.5)
      isDark = false
    case .goldenHour:
      toSun = Vector3(side * bearing, random.uniform(0.32...0.5), depth).normalized
      sun = Vector3(1.6, 1.2, 0.76)
      ambient = Vector3(0.33, 0.37, 0.46)
      bounce = Vector3(0.16, 0.145, 0.12)
      zenith = Vector3(0.42, 0.58, 0.80)
      horizon = Vector3(1.1, 0.98, 0.78)
      cloud = Vector3(1.1, 0.92, 0.74)
      cloudiness = random.uniform(0.2...0.6)
      isDark = false
    case .dusk:
      toSun = .upward
      sun = .zero
      ambient = Vector3(0.34, 0.36, 0.42)
      bounce = Vector3(0.08, 0.08, 0.085)
      zenith = Vector3(0.40, 0.46, 0.54)
      horizon = Vector3(0.80, 0.77, 0.70)
      cloud = Vector3(0.24, 0.26, 0.29)
      cloudiness = random.uniform(0.45...0.85)
      isDark = true
    }
  }

  /// True where shadows have edges.
  var hasSun: Bool { sun.x > 0 }

  /// The light that arrives at a surface: sky from above, street from below, sun where `sunlit`.
  ///
  /// `openness` is the share of the sky that the place sees.
  @inline(__always) func irradiance(normal: Vector3, sunlit: Float, openness: Float) -> Vector3 {
    let sky = ambient * (openness * (0.5 + 0.5 * normal.y))
    let ground = bounce * (0.5 - 0.5 * normal.y)
    return sky + ground + sun * (max(0, normal.dot(toSun)) * sunlit)
  }

  /// Radiance of the sky in the direction `ray` (any length), which must not look far below the horizon.
  func sky(_ ray: Vector3) -> Vector3 {
    let direction = ray.normalized
    let height = max(direction.y, 0)
    let rise = 1 - (1 - height) * (1 - height) * (1 - height)
    var colour = mix(horizon, zenith, rise)
    if hasSun {
      // Scattered light around the sun.
      let towards = max(0, direction.dot(toSun))
      let glow = towards * towards * towards * towards
      colour += sun * (0.25 * glow + 0.5 * glow * glow * glow * glow)
    }
    // A layer of clouds seen in perspective.
    let reach = 1 / (height + 0.09)
    let x = direction.x * reach * 1.1
    let z = direction.z * reach * 0.6
    let mass = Noise.fractal(x, z, octaves: 5, cloudSeed)
    let cover = smoothstep(0.78 - 0.55 * cloudiness, 1.02 - 0.42 * cloudiness, mass)
    let thickness = Noise.fractal(x + 0.21, z + 0.17, octaves: 4, cloudSeed &+ 9)
    let body = mix(cloud * 1.12, cloud * 0.72, smoothstep(0.3, 0.75, thickness))
    return mix(colour, body, cover * (0.25 + 0.75 * smoothstep(0, 0.25, height)))
  }

  /// What a glossy surface mirrors in the direction `ray` (unit): sky above, the dim street below,
  /// house fronts near the horizon.
  @inline(__always) func reflection(_ ray: Vector3) -> Vector3 {
    let street = bounce * 0.4
    let front = mix(street, horizon * 0.9, smoothstep(0.12, 0.42, ray.y))
    return mix(street * 0.7, front, smoothstep(-0.15, 0.1, ray.y))
  }

  /// The colour of things that fade with distance (metres) into the haze.
  @inline(__always) func hazed(_ radiance: Vector3, at distance: Float) -> Vector3 {
    let far = distance / (distance + 700)
    return mix(radiance, horizon * 0.75, far * far * 2.2)
  }
}
