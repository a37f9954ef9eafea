/// The side view of a car: its outline from the foot of the tail over the roof to the foot of the
/// nose, in metres forward of the middle and above the road.
struct VehicleBody {
  /// What the strip from one outline point to the next is.
  enum Panel {
    case bumper
    case lights
    case paint
    case glass
  }

  let outline: [(x: Float, y: Float, panel: Panel)]
  /// Outline indices where the glasshouse begins and ends: the belt line runs between them.
  let beltRear, beltFront: Int
  let halfWidth, roofHalfWidth: Float
  let axles: (rear: Float, front: Float)
  let wheelRadius: Float
  /// Edges of the side panes, forward of the middle.
  let panes: [ClosedRange<Float>]
  /// Gaps between doors.
  let doors: [Float]

  static let hatchback = VehicleBody(
    outline: [
      (-1.86, 0.24, .bumper), (-1.97, 0.38, .bumper), (-1.96, 0.60, .lights),
      (-1.88, 0.93, .glass), (-1.52, 1.36, .paint), (-1.2, 1.43, .paint), (-0.4, 1.47, .paint),
      (0.25, 1.42, .glass), (1.06, 0.97, .paint), (1.55, 0.88, .paint), (1.80, 0.76, .lights),
      (1.93, 0.56, .bumper), (1.95, 0.38, .bumper), (1.86, 0.2, .bumper),
    ],
    beltRear: 3, beltFront: 8, halfWidth: 0.84, roofHalfWidth: 0.60, axles: (-1.22, 1.25),
    wheelRadius: 0.30, panes: [-1.58 ... -0.98, -0.88 ... -0.08, 0.0...0.82],
    doors: [-0.93, -0.04, 0.92])

  static let saloon = VehicleBody(
    outline: [
      (-2.12, 0.26, .bumper), (-2.25, 0.40, .bumper), (-2.25, 0.62, .lights),
      (-2.18, 0.90, .paint), (-1.62, 0.97, .glass), (-0.98, 1.36, .paint), (-0.4, 1.43, .paint),
      (0.15, 1.40, .glass), (0.95, 0.98, .paint), (1.75, 0.84, .paint), (2.08, 0.72, .lights),
      (2.22, 0.54, .bumper), (2.24, 0.36, .bumper), (2.12, 0.2, .bumper),
    ],
    beltRear: 4, beltFront: 8, halfWidth: 0.87, roofHalfWidth: 0.59, axles: (-1.32, 1.40),
    wheelRadius: 0.31, panes: [-1.3 ... -0.9, -0.82 ... -0.08, 0.0...0.76],
    doors: [-0.86, -0.04, 0.86])

  static let estate = VehicleBody(
    outline: [
      (-2.15, 0.28, .bumper), (-2.25, 0.45, .bumper), (-2.23, 0.66, .lights),
      (-2.16, 0.98, .glass), (-1.86, 1.46, .paint), (-1.5, 1.53, .paint), (-0.4, 1.55, .paint),
      (0.3, 1.50, .glass), (1.0, 1.04, .paint), (1.7, 0.94, .paint), (2.0, 0.80, .lights),
      (2.14, 0.60, .bumper), (2.16, 0.42, .bumper), (2.05, 0.24, .bumper),
    ],
    beltRear: 3, beltFront: 8, halfWidth: 0.88, roofHalfWidth: 0.66, axles: (-1.33, 1.36),
    wheelRadius: 0.33, panes: [-1.92 ... -1.06, -0.96 ... -0.1, 0.0...0.78],
    doors: [-1.0, -0.05, 0.86])

  static let van = VehicleBody(
    outline: [
      (-2.40, 0.36, .bumper), (-2.48, 0.5, .bumper), (-2.46, 0.72, .lights),
      (-2.44, 1.15, .glass), (-2.38, 1.85, .paint), (-2.2, 1.98, .paint), (0.2, 2.02, .paint),
      (0.75, 1.92, .glass), (1.45, 1.16, .paint), (2.05, 0.98, .paint), (2.3, 0.82, .lights),
      (2.42, 0.58, .bumper), (2.42, 0.40, .bumper), (2.3, 0.26, .bumper),
    ],
    beltRear: 3, beltFront: 8, halfWidth: 0.95, roofHalfWidth: 0.84, axles: (-1.5, 1.55),
    wheelRadius: 0.34, panes: [0.1...1.12], doors: [-0.9, 0.04, 1.16])

  /// Half the width of the body at an outline point: the ends are rounded in plan, the glasshouse
  /// leans inwards.
  func halfWidth(atX x: Float, y: Float) -> Float {
    let belt = max(outline[beltRear].y, outline[beltFront].y)
    var roof: Float = 0
    for point in outline { roof = max(roof, point.y) }
    let lean = saturate((y - belt) / (roof - belt))
    let length = max(-outline[2].x, outline[outline.count - 2].x)
    let end = saturate((abs(x) - 0.80 * length) / (0.2 * length))
    let plan = halfWidth * (1 - 0.13 * end * end)
    return mix(plan, roofHalfWidth, lean)
  }
}
