/// What the sun sees: the nearest surface along each of its rays, drawn by the same rasteriser as the picture.
struct ShadowMap {
  private let camera: Camera
  private let buffer: VisibilityBuffer
  private static let side = 1024
  /// Width of the ground that the map covers, metres.
  private static let reach: Float = 88
  /// Width of one of its samples, metres.
  static let texel = reach / Float(side)

  /// The map over the part of the street that matters for the picture.
  init(of world: World, light: Light) {
    let middle = Vector3(0, 4, 34)
    let forward = -light.toSun
    let right = Vector3.upward.cross(forward).normalized
    let side = ShadowMap.side
    let size = Vector2(Float(side), Float(side))
    camera = Camera(
      lens: .parallel, position: middle + light.toSun * 200, right: right,
      up: forward.cross(right), forward: forward, focal: 1 / ShadowMap.texel, centre: size / 2)
    let patches = Patch.all(of: world, from: camera, size: size)
    var buffer = VisibilityBuffer(width: side, rows: side)
    buffer.draw(patches, fromRow: 0, for: .shadow)
    self.buffer = buffer
  }

  /// The share of the sun that reaches `point`, `0…1`; surfaces within `bias` metres do not count.
  func sunlit(_ point: Vector3, bias: Float) -> Float {
    let axes = camera.axes(point)
    let image = camera.image(axes)
    let (x, y) = (image.x - 0.5, image.y - 0.5)
    let limit = Float(buffer.width - 2)
    if x < 0 || y < 0 || x >= limit || y >= limit { return 1 }
    let key = bias - axes.z
    let (column, row) = (Int(x), Int(y))
    let (u, v) = (x - Float(column), y - Float(row))
    return buffer.nearness.withUnsafeBufferPointer { nearness in
      let first = row * buffer.width + column
      let second = first + buffer.width
      let a: Float = nearness[first] <= key ? 1 : 0
      let b: Float = nearness[first + 1] <= key ? 1 : 0
      let c: Float = nearness[second] <= key ? 1 : 0
      let d: Float = nearness[second + 1] <= key ? 1 : 0
      return mix(mix(a, b, u), mix(c, d, u), v)
    }
  }
}
