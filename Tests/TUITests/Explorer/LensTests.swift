import Testing

@testable import Core
@testable import TUI
@testable import Viz

/// Features compared with a probe, and a student with its teacher.
@Suite("Lenses")
struct LensTests {
  /// An 8×6 picture on a grid of 2×2 cells with two dimensions: the upper cells point one way, the lower ones another.
  private static func features(_ picture: Picture = ExplorerFixture.picture) -> FeatureMap {
    FeatureMap(
      Tensor(Shape(h: 2, w: 2, c: 2), [1, 0, 1, 0, 0, 2, 0, 2]),
      frame: InputFrame(width: 8, height: 6),
      width: picture.width, height: picture.height, threads: Threads(1))
  }

  private static func answer(_ k: UInt16, stride: Int, extras: Answer.Extras = []) -> Answer {
    var answer = ExplorerFixture.answer(k, stride: stride)
    answer.extras = extras
    if extras.contains(.features) { answer.features = features() }
    return answer
  }

  private static func opened(_ extras: Answer.Extras = []) -> [ExplorerEvent] {
    [
      .decoded(
        entry: 0, picture: ExplorerFixture.picture, truth: ExplorerFixture.truth, note: nil),
      .answered(entry: 0, slot: 0, answer(0, stride: 32, extras: extras)),
      .answered(entry: 0, slot: 0, answer(1, stride: 4, extras: extras)),
    ]
  }

  private static func shows(_ effects: [ExplorerEffect]) -> [Answer.Extras] {
    effects.compactMap { if case .show(_, _, let extras) = $0 { extras } else { nil } }
  }

  @Test func theFirstLookAsksForFeaturesOnce() {
    let (state, effects) = ExplorerFixture.after(
      ExplorerFixture.state(), Self.opened() + ExplorerFixture.keys("aaOa"))
    #expect(Self.shows(effects) == [.features])
    #expect(state.views[0] == .similarity || state.views[0] == .nearest)
    let (_, next) = ExplorerFixture.after(state, ExplorerFixture.keys("n"))
    #expect(Self.shows(next) == [.features])
  }

  @Test func plainViewsAskForNothing() {
    let (_, effects) = ExplorerFixture.after(
      ExplorerFixture.state(), Self.opened() + ExplorerFixture.keys("1234567890vn"))
    #expect(Self.shows(effects) == [[]])
  }

  @Test func probesComeOneAfterTheOther() throws {
    let tokens = ClassTokens(
      names: ["sky", "road", "car"], width: 2, weights: [3, 0, 0, 1, 1, 1], bias: [0, 0, 0])
    var state = ExplorerFixture.after(
      ExplorerFixture.state(),
      Self.opened(.features) + [.tokens(slot: 0, tokens)] + ExplorerFixture.keys("a")
    ).state
    // The cursor is put into the middle where it is not on the picture.
    #expect(state.similarity.probe == .cursor && state.cursor != nil)
    #expect(state.cosines(of: 0) != nil)
    state.cursor = ExplorerState.PixelPoint(x: 7, y: 5)
    #expect(try #require(state.cosines(of: 0)).values == [0, 0, 1, 1])
    #expect(try #require(state.readOut?.opinions.first?.lens).value == 1)
    state = ExplorerFixture.after(state, ExplorerFixture.keys("a")).state
    #expect(state.similarity.probe == .token)
    #expect(try #require(state.cosines(of: 0)).values == [1, 1, 0, 0])
    state = ExplorerFixture.after(state, ExplorerFixture.keys("a")).state
    #expect(state.views[0] == .nearest)
    state = ExplorerFixture.after(state, ExplorerFixture.keys("aY")).state
    #expect(state.similarity.probe == .pin && state.similarity.pin?.image == "a0")
  }

  /// A pin goes along to the next image; letting go of it leads back to the cursor.
  @Test func pinsGoAlong() throws {
    var state = ExplorerFixture.after(
      ExplorerFixture.state(), Self.opened(.features) + ExplorerFixture.keys("a")
    ).state
    state.cursor = ExplorerState.PixelPoint(x: 0, y: 0)
    state = ExplorerFixture.after(state, ExplorerFixture.keys("Yn")).state
    #expect(state.cosines(of: 0) == nil)
    state =
      ExplorerFixture.after(
        state,
        [
          .decoded(entry: 1, picture: ExplorerFixture.picture, truth: nil, note: nil),
          .answered(entry: 1, slot: 0, Self.answer(0, stride: 4, extras: .features)),
        ]
      ).state
    #expect(try #require(state.cosines(of: 0)).values == [1, 1, 0, 0])
    #expect(state.probeWords == "(0,0) of a0")
    #expect(
      ExplorerFixture.after(state, ExplorerFixture.keys("Y")).state.similarity.probe == .cursor)
  }

  @Test func aRegionHasTwoCorners() throws {
    var state = ExplorerFixture.after(
      ExplorerFixture.state(), Self.opened(.features) + ExplorerFixture.keys("a")
    ).state
    state.cursor = ExplorerState.PixelPoint(x: 5, y: 4)
    state = ExplorerFixture.after(state, ExplorerFixture.keys("R")).state
    state.cursor = ExplorerState.PixelPoint(x: 2, y: 1)
    state = ExplorerFixture.after(state, ExplorerFixture.keys("R")).state
    #expect(state.similarity.region == PixelRegion(x: 2..<6, y: 1..<5))
    let mean = try #require(state.probe(of: 0))
    #expect(mean == Self.features().mean(over: PixelRegion(x: 2..<6, y: 1..<5)))
  }

  @Test func teacherViewsNeedATeacher() {
    let alone = ExplorerState(
      columns: 100, rows: 30,
      gallery: Gallery([ExplorerFixture.sample("a")], classNames: ExplorerFixture.classes.names),
      slots: [Slot(name: "sfpn", outputStrides: [4])], classes: ExplorerFixture.classes)
    let state = ExplorerFixture.after(alone, ExplorerFixture.keys("D")).state
    #expect(state.views[0] == .overlay && state.message?.isError == true)
  }

  /// The teacher says sky everywhere and the student road; the left half is sky, the right half road.
  @Test func splitsAreCountedHereAndOverAll() throws {
    var state = ExplorerFixture.after(
      ExplorerFixture.state(columns: 160), Self.opened() + ExplorerFixture.keys("DDD")
    ).state
    #expect(state.views[0] == .split)
    let split = try #require(state.shown.split(of: 0, classes: 3))
    #expect(split.pixels(.broken, of: 0) == 24 && split.pixels(.fixed, of: 1) == 24)
    var facts = Gallery.Facts()
    facts.split = split
    let learnt = ExplorerEvent.learnt(entry: 0, facts, counts: [SlotCounts(split: split)])
    state = ExplorerFixture.after(state, [learnt, learnt]).state
    #expect(state.seen[0].split == split)
    #expect(state.gallery.number("rescue", of: 0) == 100)
    #expect(state.gallery.number("damage", of: 0) == 100)
    let row = try #require(state.classRows.first { $0.classIndex == 1 })
    #expect(row.rates == .init(rescue: 100, damage: nil, seenRescue: 100, seenDamage: nil))
    let screen = ExplorerScreen.draw(state, PaneRasters()).picture
    #expect(screen.contains("fix brk all all"))
    #expect(screen.contains("+100.0 % −100.0 %"))
  }

  @Test func rangesAreWholeTenths() {
    #expect(ValueRange(around: [0.31, 0.99, -0.02]) == ValueRange(low: -0.1, high: 1))
    #expect(ValueRange(around: [0.5]).high > 0.5)
    #expect(ValueRange(around: []) == ValueRange(low: 0, high: 0.1))
    // Nine hundred and ninety of a thousand values lie below 0.5.
    let values = (0..<1000).map { Float($0 < 990 ? 0.45 : 7) }
    #expect(ValueRange(upToMostOf: values) == ValueRange(low: 0, high: 0.5, isCutAbove: true))
  }

  @Test func rangesAreOfNumbersAlone() {
    let broken: [Float] = [.nan, .infinity, -.infinity]
    #expect(ValueRange(around: broken + [0.31]) == ValueRange(around: [0.31]))
    #expect(ValueRange(around: broken) == ValueRange(around: []))
    let values = (0..<1000).map { Float($0 < 990 ? 0.45 : 7) }
    #expect(ValueRange(upToMostOf: broken + values) == ValueRange(upToMostOf: values))
    #expect(ValueRange(upToMostOf: broken) == ValueRange(low: 0, high: 0.1))
  }
}
