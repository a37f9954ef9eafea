import Foundation
import Testing

@testable import Viz

@Suite struct SceneRenderingTests {
  private let camera = Camera.dashboard(
    position: Vector3(0, 1.4, 0), pitch: -0.05, yaw: 0.1, width: 480, height: 360)

  /// The label of a pixel is that of its centre: with three times the resolution, the middle one of nine.
  ///
  /// Rounding may move an outline past a centre now and then.
  @Test(arguments: UInt64(1)...4)
  func labelsAreThoseOfThePixelCentres(seed: UInt64) {
    let scene = Scene(seed: seed)
    let (width, height) = (160, 120)
    let labels = SceneRenderer.labels(of: scene, width: width, height: height)
    let fine = SceneRenderer.labels(of: scene, width: 3 * width, height: 3 * height)
    var differing = 0
    for y in 0..<height {
      for x in 0..<width where labels[x, y] != fine[3 * x + 1, 3 * y + 1] { differing += 1 }
    }
    #expect(differing <= 8)
  }

  /// Bands of rows must not show: the labels are drawn in bands of 24.
  @Test func bandsJoin() {
    let scene = Scene(seed: 2)
    let camera = SceneRenderer.camera(for: scene, width: 64, height: 48)
    let patches = Patch.all(of: scene.world, from: camera, size: Vector2(64, 48))
    var whole = VisibilityBuffer(width: 64, rows: 48)
    whole.draw(patches, fromRow: 0, for: .label)
    var band = VisibilityBuffer(width: 64, rows: 7)
    for top in stride(from: 0, to: 42, by: 7) {
      band.draw(patches, fromRow: top, for: .label)
      #expect(Array(whole.patch[(top * 64)..<((top + 7) * 64)]) == band.patch)
    }
  }

  /// Where a point of a plane is seen, the plane's view gives it back.
  ///
  /// Floats keep about seven digits.
  @Test(arguments: [
    (Vector3(1, 0, 0), Vector3(0, 0, 1)), (Vector3(0, 0, 1), Vector3(0, 1, 0)),
    (Vector3(1, 0.2, 0.5), Vector3(0, 1, 0.1)),
  ])
  func planesAreSeenWhereTheirPointsAre(right: Vector3, up: Vector3) throws {
    let frame = Frame(origin: Vector3(1.5, -0.3, 12), right: right, towards: up)
    let view = try #require(PlaneView(of: frame, from: camera))
    for (u, v) in [(Float(0), Float(0)), (2, 3), (-1.5, 0.7)] {
      let axes = camera.axes(frame.point(u, v))
      let image = camera.image(axes)
      let place = view.place(image.x, image.y)
      #expect(abs(place.u - u) < 1e-3)
      #expect(abs(place.v - v) < 1e-3)
      #expect(abs(place.depth - axes.z) < 1e-3)
    }
  }

  @Test func planesSeenEdgeOnAreLeftOut() {
    let frame = Frame(
      origin: camera.position + Vector3(0, 0, 5), right: Vector3(1, 0, 0),
      towards: Vector3(0, 0, 1))
    #expect(PlaneView(of: frame, from: camera) == nil)
  }

  /// Two walls, the nearer one smaller: it stands before the other whatever their order.
  @Test(arguments: [false, true])
  func nearerSurfacesHideFartherOnes(nearFirst: Bool) {
    let level = Camera.dashboard(
      position: .zero, pitch: 0, yaw: 0, width: 80, height: 60)
    var world = World()
    func add(_ z: Float, _ half: Float, _ label: StreetClass) {
      world.quad(
        Vector3(-half, -half, z), Vector3(2 * half, 0, 0), Vector3(0, 2 * half, 0), .glass, label)
    }
    if nearFirst { add(10, 1, .car) }
    add(20, 30, .building)
    if !nearFirst { add(10, 1, .car) }
    let patches = Patch.all(of: world, from: level, size: Vector2(80, 60))
    var buffer = VisibilityBuffer(width: 80, rows: 60)
    buffer.draw(patches, fromRow: 0, for: .label)
    let labels = buffer.patch.map { $0 < 0 ? nil : patches[Int($0)].face.label }
    #expect(labels[30 * 80 + 40] == .car)
    #expect(labels[0] == .building)
    // The focal length is 77 samples, so 2 m at 10 m are 15.4 samples wide: 15 or 16 centres.
    let cars = labels.count { $0 == .car }
    #expect((15 * 15)...(16 * 16) ~= cars)
  }

  /// A wall that begins behind the camera is cut off, not mirrored.
  @Test func surfacesBehindTheCameraAreClipped() {
    let level = Camera.dashboard(position: .zero, pitch: 0, yaw: 0, width: 80, height: 60)
    var world = World()
    world.quad(
      Vector3(2, -50, -30), Vector3(0, 0, 100), Vector3(0, 100, 0), .glass, .building)
    let patches = Patch.all(of: world, from: level, size: Vector2(80, 60))
    var buffer = VisibilityBuffer(width: 80, rows: 60)
    buffer.draw(patches, fromRow: 0, for: .label)
    let middle = Array(buffer.patch[(30 * 80)..<(31 * 80)])
    // At x = 2 m the far edge lies 70 m ahead, 2.2 samples to the right of the middle.
    #expect(middle[..<42].allSatisfy { $0 == -1 })
    #expect(middle[43...].allSatisfy { $0 == 0 })
  }

  @Test func railingsAreSolidForLabelsOnly() {
    let cut = Cut.railing(spacing: 0.2, bar: 0.05, height: 1)
    #expect(cut.covers(0.1, 0.5, for: .label))
    #expect(!cut.covers(0.1, 0.5, for: .picture))
    #expect(cut.covers(0.02, 0.5, for: .picture))
    #expect(cut.covers(0.1, 0.9, for: .picture))
  }

  @Test func foliageHasHolesInBoth() {
    let cut = Cut.leaves(radius: 2, seed: 5)
    var covered = 0
    for i in 0..<400 {
      let u = Float(i % 20) * 0.2 - 2
      let v = Float(i / 20) * 0.2 - 2
      let isCovered = cut.covers(u, v, for: .picture)
      #expect(isCovered == cut.covers(u, v, for: .label))
      if isCovered { covered += 1 }
    }
    #expect((100...300) ~= covered)
  }

  /// A board 10 m up in the sun shades what lies behind it as the sun sees it, and nothing else.
  @Test func shadowsFallAwayFromTheSun() throws {
    var random = SceneRandom(seed: 1)
    let light = Light(mood: .sunny, random: &random)
    var world = World()
    world.quad(
      Vector3(-4, 10, 30), Vector3(8, 0, 0), Vector3(0, 0, 8), .matte(.zero, grain: 0), .building)
    let map = ShadowMap(of: world, light: light)
    let under = Vector3(0, 10, 34) - light.toSun * (10 / light.toSun.y)
    #expect(map.sunlit(under, bias: 0.1) == 0)
    #expect(map.sunlit(under + Vector3(12, 0, 0), bias: 0.1) == 1)
    #expect(map.sunlit(Vector3(0, 12, 34), bias: 0.1) == 1)
  }

  /// The polynomial is good to 1e-6.
  @Test func unitCircleMatchesTheLibrary() {
    for i in -40...40 {
      let turns = Float(i) * 0.0617
      let (cos, sin) = unitCircle(turns)
      #expect(abs(cos - Float(Foundation.cos(Double(turns) * 2 * .pi))) < 1e-5)
      #expect(abs(sin - Float(Foundation.sin(Double(turns) * 2 * .pi))) < 1e-5)
    }
  }

  @Test func noiseIsSmoothAndWithinItsRange() {
    var previous = Noise.value(-3, 0.4, 9)
    for i in 1...600 {
      let next = Noise.value(-3 + Float(i) * 0.01, 0.4, 9)
      #expect((0..<1) ~= next)
      // The cubic's steepest slope is 1.5 per unit.
      #expect(abs(next - previous) < 0.0151)
      previous = next
    }
  }

  @Test func floorsOfNegativeNumbersGoDown() {
    #expect(floorIndex(-0.25) == -1)
    #expect(floorIndex(-2) == -2)
    #expect(floorIndex(2.75) == 2)
    #expect(abs(wrap(-0.25, 0.6) - 0.35) < 1e-6)
  }
}
