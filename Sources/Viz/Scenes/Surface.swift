/// Axes in a plane; u and v count along `right` and `up` from `origin`, in metres.
struct Frame {
  var origin, right, up, normal: Vector3

  /// Axes from two edges, made orthonormal.
  init(origin: Vector3, right: Vector3, towards: Vector3) {
    self.origin = origin
    self.right = right.normalized
    normal = self.right.cross(towards).normalized
    up = normal.cross(self.right)
  }

  @inline(__always) func point(_ u: Float, _ v: Float) -> Vector3 {
    origin + right * u + up * v
  }
}

/// What a surface is, apart from what it is made of.
enum Form {
  /// A flat polygon: corners in the plane of `frame`.
  case flat(Frame, outline: [Vector2])
  /// A round bar with ball ends, tapering; both ends alike make a ball.
  case capsule(from: Vector3, radius: Float, to: Vector3, endRadius: Float)
  /// A ball of leaves or twigs, with holes.
  case crown(centre: Vector3, radius: Float)
}

/// Which samples inside the outline belong to the surface.
enum Cut {
  case whole
  case capsule(length: Float, radius: Float, endRadius: Float)
  /// Leaves where noise exceeds a threshold that rises to the edge.
  case leaves(radius: Float, seed: UInt32)
  /// Twigs along the crests of noise, fanning out upwards.
  case twigs(radius: Float, seed: UInt32)
  /// Upright bars `spacing` apart between two rails, up to `height`.
  case railing(spacing: Float, bar: Float, height: Float)
  /// A rectangle around the origin.
  case rectangle(halfWidth: Float, halfHeight: Float)
  /// A tyre and spokes around the origin.
  case wheel(radius: Float)
}

/// How the normal leaves the plane's own.
enum Curvature {
  case flat
  /// From one normal at v = 0 to another at v = `length`.
  case bent(from: Vector3, to: Vector3, length: Float)
  case capsule(length: Float, radius: Float, endRadius: Float)
  case ball(radius: Float)
}

/// One piece of the world.
struct Surface {
  let form: Form
  let cut: Cut
  let curvature: Curvature
  let material: Material
  let label: StreetClass
}
