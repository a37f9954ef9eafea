/// What a surface is made of; its texture follows from the place on the surface or in the street.
enum Material {
  case asphalt
  case paving
  case grass
  /// The front of a house, by its number in the world.
  case facade(Int)
  /// The blind side of a house, of the same stuff as its front.
  case gable(Int)
  case roof(Vector3)
  /// Lacquer that mirrors the sky.
  case paint(Vector3)
  case glass
  /// Dull stuff with a grain: plastic, stone, bark, cloth.
  case matte(Vector3, grain: Float)
  /// A head seen from any side: hair above and behind, skin where it looks.
  case head(skin: Vector3, hair: Vector3, looking: Vector3)
  case leaves(Vector3, seed: UInt32)
  case twigs(Vector3)
  case wheel(radius: Float)
  case lamp(Vector3, lit: Bool)
  case sign(SignFace)
}

/// A sample of a surface, ready to be shaded.
struct Hit {
  let position: Vector3
  /// Unit normal, turned to the viewer.
  let normal: Vector3
  /// Unit direction from the camera.
  let ray: Vector3
  let u, v: Float
  let frame: Frame
  let distance: Float
  /// Width of a sample on a surface at this distance, metres; finer texture is left out.
  let grain: Float
}

/// How a sample of a material meets light.
struct Finish {
  var albedo: Vector3
  /// Share of the mirror image at right angles, `0…1`; grows to the edge as Schlick says.
  var gloss: Float = 0
  /// Light of its own.
  var glow: Vector3 = .zero
  /// Share of the sky's light that the material's own hollows let in.
  var openness: Float = 1
  /// Shadows closer than this are the surface's own, metres.
  var bias: Float = 0.12
  /// A normal other than the surface's, for the mirror image (zero: none).
  var tilt: Vector3 = .zero
}
