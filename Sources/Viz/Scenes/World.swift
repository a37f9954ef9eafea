/// Everything that stands in the street.
struct World {
  private(set) var surfaces: [Surface] = []
  private(set) var footprints: [Footprint] = []
  private(set) var facades: [Facade] = []

  /// Keeps a facade and returns its number, by which materials name it.
  mutating func add(_ facade: Facade) -> Int {
    facades.append(facade)
    return facades.count - 1
  }

  /// Something that keeps the light of the sky from the ground below it.
  mutating func add(_ footprint: Footprint) { footprints.append(footprint) }

  /// True where nothing stands yet within a circle on the ground.
  func isFree(_ centre: Vector3, radius: Float) -> Bool {
    footprints.allSatisfy { print in
      let offset = centre - print.centre
      let along = abs(offset.dot(print.along))
      let across = abs(offset.x * print.along.z - offset.z * print.along.x)
      return along > print.halfLength + radius || across > print.halfWidth + radius
    }
  }

  /// A parallelogram; u runs along `right` from `origin`, v at right angles to it.
  mutating func quad(
    _ origin: Vector3, _ right: Vector3, _ up: Vector3, _ material: Material, _ label: StreetClass,
    cut: Cut = .whole
  ) {
    let frame = Frame(origin: origin, right: right, towards: up)
    let width = right.length
    let shear = up.dot(frame.right)
    let height = up.dot(frame.up)
    let outline = [
      Vector2(0, 0), Vector2(width, 0), Vector2(width + shear, height), Vector2(shear, height),
    ]
    surfaces.append(
      Surface(
        form: .flat(frame, outline: outline), cut: cut, curvature: .flat, material: material,
        label: label))
  }

  /// A flat polygon through `corners`; u runs along the first edge.
  ///
  /// `normals` bend it from the first edge to the opposite one.
  mutating func polygon(
    _ corners: [Vector3], _ material: Material, _ label: StreetClass,
    normals: (Vector3, Vector3)? = nil
  ) {
    let frame = Frame(
      origin: corners[0], right: corners[1] - corners[0],
      towards: corners[corners.count - 1] - corners[0])
    let outline = corners.map { corner in
      let offset = corner - frame.origin
      return Vector2(offset.dot(frame.right), offset.dot(frame.up))
    }
    var curvature = Curvature.flat
    if let normals, let last = outline.last, last.y > 0 {
      curvature = .bent(from: normals.0, to: normals.1, length: last.y)
    }
    surfaces.append(
      Surface(
        form: .flat(frame, outline: outline), cut: .whole, curvature: curvature,
        material: material, label: label))
  }

  /// A disc, or with `cut` a part of one; u and v count from its centre.
  mutating func disc(
    _ centre: Vector3, facing: Vector3, radius: Float, _ material: Material, _ label: StreetClass,
    cut: Cut = .whole, corners: Int = 20
  ) {
    // u runs to the right for who looks at the face; the frame's normal points away from them.
    let right = facing.cross(.upward)
    let frame = Frame(origin: centre, right: right, towards: .upward)
    let outline = (0..<corners).map { corner in
      let (cos, sin) = unitCircle(Float(corner) / Float(corners))
      return Vector2(cos * radius, sin * radius)
    }
    surfaces.append(
      Surface(
        form: .flat(frame, outline: outline), cut: cut, curvature: .flat, material: material,
        label: label))
  }

  mutating func capsule(
    _ start: Vector3, _ radius: Float, _ end: Vector3, _ endRadius: Float, _ material: Material,
    _ label: StreetClass
  ) {
    let length = (end - start).length
    surfaces.append(
      Surface(
        form: .capsule(from: start, radius: radius, to: end, endRadius: endRadius),
        cut: .capsule(length: length, radius: radius, endRadius: endRadius),
        curvature: .capsule(length: length, radius: radius, endRadius: endRadius),
        material: material, label: label))
  }

  mutating func ball(
    _ centre: Vector3, _ radius: Float, _ material: Material, _ label: StreetClass
  ) {
    capsule(centre, radius, centre, radius, material, label)
  }

  mutating func crown(
    _ centre: Vector3, _ radius: Float, cut: Cut, _ material: Material, _ label: StreetClass
  ) {
    surfaces.append(
      Surface(
        form: .crown(centre: centre, radius: radius), cut: cut,
        curvature: .ball(radius: radius), material: material, label: label))
  }

  /// An upright box: `along` and `across` are its full edges, `base` a bottom corner.
  mutating func box(
    _ base: Vector3, along: Vector3, across: Vector3, height: Float, _ material: Material,
    _ label: StreetClass
  ) {
    let up = Vector3(0, height, 0)
    quad(base, along, up, material, label)
    quad(base + across, along, up, material, label)
    quad(base, across, up, material, label)
    quad(base + along, across, up, material, label)
    quad(base + up, along, across, material, label)
  }
}

/// A rounded rectangle on the ground that sees less of the sky, because something stands on it.
struct Footprint {
  let centre: Vector3
  /// Unit vector along the longer side.
  let along: Vector3
  let halfLength, halfWidth: Float
  /// How much of the sky's light is lost at the centre, `0…1`.
  let depth: Float
}
