/// The plan of the street: widths, bend and side road.
///
/// Across the street `d` counts from the middle of the carriageway to the right, along it `s` from
/// the camera, metres.
struct Street {
  /// What stands along one side.
  enum Frontage {
    /// Shops under flats.
    case shops
    /// Brick terraces.
    case terrace
    /// Stone colleges and chapels.
    case stone
    /// Offices of glass and concrete.
    case offices
    /// A railing, a lawn and trees, houses behind.
    case park
  }

  let left, right: Frontage
  /// Half the carriageway, and the two pavements.
  let halfRoad, leftPavement, rightPavement: Float
  /// Cars stand along the kerb.
  let parksLeft, parksRight: Bool
  /// The bend: the middle of the street lies at x = bend·s².
  let bend: Float
  /// Where the street ends in a junction.
  let end: Float
  /// A road leaves to one side (−1 left, 1 right) between these.
  let sideRoad: ClosedRange<Float>
  let sideRoadSide: Float
  /// Where the traffic lights stand; 0 where there are none.
  let stopLine: Float
  /// The share of the sky that the street sees between its houses, `0…1`.
  let skyShare: Float
  let textureSeed: UInt32

  static let kerbHeight: Float = 0.11

  /// The street of `kind`, varied by `random`.
  init(left: Frontage, right: Frontage, isDense: Bool, random: inout SceneRandom) {
    self.left = left
    self.right = right
    parksLeft = left != .park && random.chance(isDense ? 0.3 : 0.55)
    parksRight = random.chance(0.6)
    let lanes = random.uniform(3.0...3.9)
    halfRoad = lanes + (parksLeft || parksRight ? 1.4 : 0)
    leftPavement = random.uniform(1.8...3.2)
    rightPavement = random.uniform(1.8...3.6)
    bend = random.uniform(-0.0009...0.0009)
    end = random.uniform(75...130)
    let start = random.uniform(26...48)
    sideRoad = start...(start + random.uniform(6...8))
    sideRoadSide = random.chance(0.5) ? 1 : -1
    stopLine = random.chance(0.65) ? start - 3 : 0
    skyShare = left == .park || right == .park ? 0.72 : 0.58
    textureSeed = random.textureSeed()
  }

  /// Where the kerb and the building line run on a side (−1 left, 1 right).
  func kerb(_ side: Float) -> Float { side * halfRoad }
  func buildingLine(_ side: Float) -> Float {
    side * (halfRoad + (side < 0 ? leftPavement : rightPavement))
  }

  /// The middle of the street at `s`.
  @inline(__always) func middle(_ s: Float) -> Float { bend * s * max(s, 0) }

  /// The place in the world.
  func point(_ d: Float, _ s: Float, height: Float = 0) -> Vector3 {
    Vector3(middle(s) + d, height, s)
  }

  /// The direction of the street at `s`.
  func heading(_ s: Float) -> Vector3 { Vector3(2 * bend * max(s, 0), 0, 1).normalized }
}
