/// What shading needs to know of a surface as one camera sees it.
///
/// Holds no references, because it is looked up for every sample.
struct Face {
  let frame: Frame
  let view: PlaneView
  let curvature: Curvature
  let material: Material
  let label: StreetClass
}

/// A surface as one camera sees it: its face turned to the viewer, and its outline in the image.
struct Patch {
  let face: Face
  let cut: Cut
  /// Corners in samples.
  let outline: [Vector2]
  let low, high: Vector2
  /// Nearness of the nearest corner: patches are drawn from the nearest on, so that most hidden
  /// samples are refused before their holes are looked at.
  let nearest: Float

  /// The surface in the image, or nil where nothing of it can be seen.
  init?(_ surface: Surface, from camera: Camera, size: Vector2) {
    let (frame, corners) = surface.form.shape(from: camera)
    guard let view = PlaneView(of: frame, from: camera) else { return nil }
    var points = corners.map { camera.axes(frame.point($0.x, $0.y)) }
    if camera.lens == .pinhole { points = Patch.clipped(points, atDepth: Camera.near) }
    if points.count < 3 { return nil }
    let outline = points.map(camera.image)
    var low = outline[0]
    var high = outline[0]
    for corner in outline {
      low = pointwiseMin(low, corner)
      high = pointwiseMax(high, corner)
    }
    if high.x < 0 || high.y < 0 || low.x > size.x || low.y > size.y { return nil }
    cut = surface.cut
    face = Face(
      frame: frame, view: view, curvature: surface.curvature, material: surface.material,
      label: surface.label)
    self.outline = outline
    self.low = low
    self.high = high
    var depth = points[0].z
    for point in points { depth = min(depth, point.z) }
    nearest = camera.lens == .pinhole ? 1 / depth : -depth
  }

  /// What `camera` sees of `world` in an image of `size` samples, nearest first.
  static func all(of world: World, from camera: Camera, size: Vector2) -> [Patch] {
    let patches = world.surfaces.compactMap { Patch($0, from: camera, size: size) }
    // The index settles ties, so that the order does not hang on the sorting algorithm.
    let order = patches.indices.map { (nearest: patches[$0].nearest, index: $0) }.sorted {
      $0.nearest != $1.nearest ? $0.nearest > $1.nearest : $0.index < $1.index
    }
    return order.map { patches[$0.index] }
  }

  /// Sutherland and Hodgman's clipping at one plane.
  private static func clipped(_ points: [Vector3], atDepth near: Float) -> [Vector3] {
    if points.allSatisfy({ $0.z >= near }) { return points }
    var kept: [Vector3] = []
    var previous = points[points.count - 1]
    for point in points {
      if (point.z >= near) != (previous.z >= near) {
        kept.append(mix(previous, point, (near - previous.z) / (point.z - previous.z)))
      }
      if point.z >= near { kept.append(point) }
      previous = point
    }
    return kept
  }
}

extension Form {
  /// The plane and the outline in it by which the form is drawn for `camera`.
  ///
  /// Round forms are drawn as a flat shape through their middle that faces the viewer.
  func shape(from camera: Camera) -> (Frame, [Vector2]) {
    switch self {
    case .flat(let frame, let outline):
      return (frame, outline)
    case .capsule(let start, let radius, let end, let endRadius):
      let axis = end - start
      let viewer = camera.toViewer((start + end) / 2)
      let length = axis.length
      let right = length > 1e-4 ? axis : viewer.cross(Vector3(0.1, 1, 0))
      var across = viewer.cross(right)
      if across.length < 1e-3 * right.length { across = right.cross(Vector3(0.3, 1, 0.2)) }
      let frame = Frame(origin: start, right: right, towards: across)
      let r = max(radius, endRadius)
      let outline = [
        Vector2(-radius, -r), Vector2(length + endRadius, -r), Vector2(length + endRadius, r),
        Vector2(-radius, r),
      ]
      return (frame, outline)
    case .crown(let centre, let r):
      let viewer = camera.toViewer(centre)
      var right = Vector3.upward.cross(viewer)
      if right.length < 1e-3 { right = Vector3(1, 0, 0) }
      let frame = Frame(origin: centre, right: right, towards: viewer.cross(right))
      // The octagon around the circle.
      let (far, near) = (r, 0.4143 * r)
      return (
        frame,
        [
          Vector2(far, -near), Vector2(far, near), Vector2(near, far), Vector2(-near, far),
          Vector2(-far, near), Vector2(-far, -near), Vector2(-near, -far), Vector2(near, -far),
        ]
      )
    }
  }
}
