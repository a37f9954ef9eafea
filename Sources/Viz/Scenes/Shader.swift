/// Turns what a sample shows into light: texture, sun and shadow, sky, mirror image, haze.
struct Shader {
  let world: World
  let light: Light
  let street: Street
  let shadows: ShadowMap?
  let ground: Ground
  let camera: Camera

  init(scene: Scene, camera: Camera) {
    world = scene.world
    light = scene.light
    street = scene.street
    self.camera = camera
    shadows = scene.light.hasSun ? ShadowMap(of: scene.world, light: scene.light) : nil
    ground = Ground(street: scene.street, footprints: scene.world.footprints)
  }

  /// The light that reaches the camera from the point of `face` under the image point (x, y).
  @inline(__always) func radiance(of face: Face, _ x: Float, _ y: Float) -> Vector3 {
    let (u, v, depth) = face.view.place(x, y)
    let ray = camera.ray(x, y).normalized
    let position = face.frame.point(u, v)
    let facing = face.frame.normal.dot(ray) > 0 ? -face.frame.normal : face.frame.normal
    let normal = face.curvature.normal(u, v, frame: face.frame, facing: facing)
    let hit = Hit(
      position: position, normal: normal, ray: ray, u: u, v: v, frame: face.frame,
      distance: depth, grain: depth / camera.focal)
    let finish = finish(face.material, hit)

    let sunlit =
      normal.dot(self.light.toSun) > 0
      ? sunlit(position, normal: facing, bias: finish.bias) : 0
    // House fronts hide part of the sky from everything low in the street.
    let height = saturate(position.y / 12)
    let openness = finish.openness * mix(street.skyShare, 1, height)
    var light =
      finish.albedo * self.light.irradiance(normal: normal, sunlit: sunlit, openness: openness)
    if finish.gloss > 0 {
      let mirror = finish.tilt == .zero ? normal : finish.tilt
      let cosine = ray.dot(mirror)
      let grazing = saturate(1 + cosine)
      let schlick = grazing * grazing * grazing * grazing * grazing
      let reflected = ray - mirror * (2 * cosine)
      // Rough things mirror little even at grazing angles.
      let share = min(0.75, finish.gloss * (1 + 9 * schlick))
      light = mix(light, self.light.reflection(reflected), share)
      if sunlit > 0 {
        let spark = saturate(reflected.dot(self.light.toSun))
        let spark8 = spark * spark * spark * spark * spark * spark * spark * spark
        light += self.light.sun * (spark8 * spark8 * spark8 * share * 4 * sunlit)
      }
    }
    return self.light.hazed(light + finish.glow, at: depth)
  }

  /// The share of the sun that reaches a place on a surface with the given flat normal.
  @inline(__always) private func sunlit(_ point: Vector3, normal: Vector3, bias: Float) -> Float {
    guard let shadows else { return 0 }
    // A texel of the map spans more depth the more the sun grazes the surface.
    let cosine = max(abs(normal.dot(light.toSun)), 0.1)
    let slope = (1 - min(cosine * cosine, 1)).squareRoot() / cosine
    return shadows.sunlit(point, bias: bias + ShadowMap.texel * slope)
  }

  @inline(__always) private func finish(_ material: Material, _ hit: Hit) -> Finish {
    switch material {
    case .asphalt: return ground.asphalt(hit)
    case .paving: return ground.paving(hit)
    case .grass: return ground.grass(hit)
    case .facade(let number): return world.facades[number].front(hit, isDark: light.isDark)
    case .gable(let number): return world.facades[number].gable(hit)
    case .roof(let colour): return Materials.slates(colour, hit)
    case .paint(let colour): return Finish(albedo: colour, gloss: 0.07, bias: 0.25)
    case .glass: return Materials.pane(hit)
    case .matte(let colour, let grain): return Materials.matte(colour, grain: grain, hit)
    case .head(let skin, let hair, let looking):
      return Materials.head(skin: skin, hair: hair, looking: looking, hit)
    case .leaves(let colour, let seed): return Materials.leaves(colour, seed: seed, hit)
    case .twigs(let colour): return Materials.twigs(colour, hit)
    case .wheel(let radius): return Materials.wheel(radius: radius, hit)
    case .lamp(let colour, let lit): return Materials.lamp(colour, lit: lit, hit)
    case .sign(let face): return face.finish(hit)
    }
  }
}

extension Curvature {
  /// The unit normal at (u, v), where the plane's own, turned to the viewer, is `facing`.
  @inline(__always) func normal(_ u: Float, _ v: Float, frame: Frame, facing: Vector3) -> Vector3 {
    switch self {
    case .flat:
      return facing
    case .bent(let from, let to, let length):
      return mix(from, to, saturate(v / length)).normalized
    case .capsule(let length, let radius, let endRadius):
      let along = min(max(u, 0), length)
      let r = length > 0 ? radius + (endRadius - radius) * (along / length) : radius
      let s = (u - along) / r
      let t = v / r
      let rest = max(0, 1 - s * s - t * t).squareRoot()
      return (frame.right * s + frame.up * t + facing * rest).normalized
    case .ball(let radius):
      let s = u / radius
      let t = v / radius
      let rest = max(0.05, 1 - s * s - t * t).squareRoot()
      return (frame.right * s + frame.up * t + facing * rest).normalized
    }
  }
}
