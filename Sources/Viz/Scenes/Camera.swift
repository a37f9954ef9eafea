/// A view of the world: a pinhole camera for the picture, a parallel one for the shadows of the sun.
///
/// Image points are in samples: x right, y down, the first sample's centre at (0.5, 0.5).
struct Camera {
  enum Lens {
    case pinhole
    case parallel
  }

  let lens: Lens
  let position, right, up, forward: Vector3
  /// Samples per unit of slope (pinhole) or per metre (parallel).
  let focal: Float
  let centre: Vector2

  /// The nearest depth that a pinhole camera sees, metres.
  static let near: Float = 0.25

  /// A camera in a car: `pitch` is the slope of the optical axis, negative looks down.
  ///
  /// As lens makers quote it, the diagonal of the picture fixes the field of view (66°), so that
  /// pictures of every aspect show about the same part of the scene.
  static func dashboard(
    position: Vector3, pitch: Float, yaw: Float, width: Int, height: Int
  ) -> Camera {
    let forward = Vector3(yaw, pitch, 1).normalized
    let right = Vector3.upward.cross(forward).normalized
    let diagonal = Float(width * width + height * height).squareRoot()
    return Camera(
      lens: .pinhole, position: position, right: right, up: forward.cross(right),
      forward: forward, focal: 0.77 * diagonal,
      centre: Vector2(Float(width) / 2, Float(height) / 2))
  }

  /// The direction of the ray through an image point, of forward length 1; the same everywhere for a parallel camera.
  @inline(__always) func ray(_ x: Float, _ y: Float) -> Vector3 {
    let a = (x - centre.x) / focal
    let b = (centre.y - y) / focal
    return forward + right * a + up * b
  }

  /// The point in camera axes: right, up, depth.
  @inline(__always) func axes(_ point: Vector3) -> Vector3 {
    let offset = point - position
    return Vector3(offset.dot(right), offset.dot(up), offset.dot(forward))
  }

  /// The image point of a point in camera axes.
  @inline(__always) func image(_ point: Vector3) -> Vector2 {
    let scale = lens == .pinhole ? focal / point.z : focal
    return Vector2(centre.x + point.x * scale, centre.y - point.y * scale)
  }

  /// The direction from a point to the viewer.
  func toViewer(_ point: Vector3) -> Vector3 {
    lens == .pinhole ? (position - point).normalized : -forward
  }
}

/// How one plane is seen: what an image point shows of it.
///
/// Each row holds the factors of x and y and the constant of an affine function of the image point.
struct PlaneView {
  /// Larger is nearer: 1/depth for a pinhole camera, −depth for a parallel one.
  let nearness: Vector3
  /// 1/depth for a pinhole camera, 1 for a parallel one; divides `u` and `v`.
  let scale: Vector3
  let u, v: Vector3

  /// The view of the plane of `frame`, or nil where it is seen edge on.
  ///
  /// On the ray d = F + aR + bU from the camera C, the plane through O with the normal n lies at
  /// depth t = n·(O−C) / n·d; so 1/t is affine in (a, b), and so is u/t = right·(C−O)/t + right·d.
  init?(of frame: Frame, from camera: Camera) {
    let offset = frame.origin - camera.position
    switch camera.lens {
    case .pinhole:
      let height = frame.normal.dot(offset)
      if abs(height) < 1e-4 { return nil }
      let slope = PlaneView.rows(frame.normal, camera) / height
      scale = slope
      nearness = slope
      u = PlaneView.rows(frame.right, camera) - slope * frame.right.dot(offset)
      v = PlaneView.rows(frame.up, camera) - slope * frame.up.dot(offset)
    case .parallel:
      let slant = frame.normal.dot(camera.forward)
      if abs(slant) < 1e-4 { return nil }
      let depth = -PlaneView.offsets(frame.normal, camera, frame.normal.dot(offset)) / slant
      nearness = -depth
      scale = Vector3(0, 0, 1)
      u =
        PlaneView.offsets(frame.right, camera, frame.right.dot(offset))
        + depth * frame.right.dot(camera.forward)
      v =
        PlaneView.offsets(frame.up, camera, frame.up.dot(offset))
        + depth * frame.up.dot(camera.forward)
    }
  }

  /// What the image point (x, y) shows: a point of the plane and its depth.
  ///
  /// Rounding on planes seen nearly edge on must not carry it out of the world.
  @inline(__always) func place(_ x: Float, _ y: Float) -> (u: Float, v: Float, depth: Float) {
    let depth = 1 / max(1e-4, scale.x * x + scale.y * y + scale.z)
    let u = (self.u.x * x + self.u.y * y + self.u.z) * depth
    let v = (self.v.x * x + self.v.y * y + self.v.z) * depth
    return (min(max(-1000, u), 1000), min(max(-1000, v), 1000), depth)
  }

  /// The rows of axis·d for the ray d of an image point.
  private static func rows(_ axis: Vector3, _ camera: Camera) -> Vector3 {
    let x = axis.dot(camera.right) / camera.focal
    let y = -axis.dot(camera.up) / camera.focal
    return Vector3(
      x, y, axis.dot(camera.forward) - x * camera.centre.x - y * camera.centre.y)
  }

  /// The rows of axis·(C + aR + bU − O), where `distance` is axis·(O − C).
  private static func offsets(_ axis: Vector3, _ camera: Camera, _ distance: Float) -> Vector3 {
    let x = axis.dot(camera.right) / camera.focal
    let y = -axis.dot(camera.up) / camera.focal
    return Vector3(x, y, -distance - x * camera.centre.x - y * camera.centre.y)
  }
}
