import Testing

@testable import Core
@testable import TUI
@testable import Viz

/// Features as colour, attention that follows the cursor, and the scatter in place of the pictures.
@Suite("Feature lenses")
struct FeatureLensTests {
  private static func state(columns: Int = 160) -> ExplorerState {
    let entries = (0..<3).map { ExplorerFixture.sample("a\($0)", hasLabel: true) }
    return ExplorerState(
      columns: columns, rows: 40,
      gallery: Gallery(entries, classNames: ExplorerFixture.classes.names),
      slots: [
        Slot(
          name: "hfgd", outputStrides: [32, 4],
          attentionLayers: [.context, .axial(outputStride: 4)], teacherStride: 32)
      ], classes: ExplorerFixture.classes)
  }

  /// Answers with features of a 9×9 grid, their components, and what a random model's layers see.
  private static func opened() throws -> [ExplorerEvent] {
    let preset = try #require(ModelConfiguration.preset(named: "hfgd-mobilenet_v2-os4"))
    let model = SegmentationModel(preset, Weights(RandomWeights(seed: 1)))
    let segmenter = Segmenter(model, threads: Threads(2))
    let picture = ExplorerFixture.picture
    var teacher = ExplorerFixture.answer(0, stride: 32)
    teacher.attention = [try segmenter.attention(.context, of: picture)]
    teacher.extras = .all
    var student = ExplorerFixture.answer(1, stride: 4)
    student.attention = [try segmenter.attention(.axial(outputStride: 4), of: picture)]
    let map = try segmenter.features(of: picture, outputStride: 4)
    student.features = map
    student.components = FeatureComponents(fitting: map, threads: Threads(1))
    student.extras = .all
    return [
      .decoded(entry: 0, picture: picture, truth: ExplorerFixture.truth, note: nil),
      .answered(entry: 0, slot: 0, teacher), .answered(entry: 0, slot: 0, student),
    ]
  }

  private static func shows(_ effects: [ExplorerEffect]) -> [Answer.Extras] {
    effects.compactMap { if case .show(_, _, let extras) = $0 { extras } else { nil } }
  }

  @Test func oneKeyGoesThroughFeaturesAndBothLayers() throws {
    var (state, effects) = ExplorerFixture.after(
      Self.state(), try Self.opened() + ExplorerFixture.keys("u"))
    #expect(state.views[0] == .features && Self.shows(effects) == [.components])
    #expect(ExplorerScreen.draw(state, PaneRasters()).picture.contains("of the variance"))
    (state, effects) = ExplorerFixture.after(state, ExplorerFixture.keys("u"))
    #expect(state.views[0] == .attention && state.featureLens.attention == .axial)
    #expect(Self.shows(effects) == [.attention])
    let rasters = PaneRasters()
    var screen = ExplorerScreen.draw(state, rasters).picture
    #expect(screen.contains("axial attention") && screen.contains("mean of 4 heads"))
    state = ExplorerFixture.after(state, ExplorerFixture.keys("u")).state
    screen = ExplorerScreen.draw(state, rasters).picture
    #expect(screen.contains("context attention · OS 32") && screen.contains("of 4 cells"))
    state = ExplorerFixture.after(state, ExplorerFixture.keys("u")).state
    #expect(state.views[0] == .features)
  }

  @Test func attentionFollowsTheCursor() throws {
    var state = ExplorerFixture.after(
      Self.state(), try Self.opened() + ExplorerFixture.keys("uu")
    ).state
    let rasters = PaneRasters()
    let middle = try #require(rasters.raster(state, slot: 0))
    #expect(try #require(state.attentionReading(of: 0)).cell == .init(x: 1, y: 1))
    state.cursor = ExplorerState.PixelPoint(x: 7, y: 0)
    #expect(try #require(state.attentionReading(of: 0)).cell == .init(x: 2, y: 0))
    #expect(try #require(rasters.raster(state, slot: 0)) != middle)
    let mean = try #require(state.attentionReading(of: 0)).weights
    state = ExplorerFixture.after(state, ExplorerFixture.keys(":attention.head 2<Enter>")).state
    #expect(state.featureLens.head == 1)
    #expect(try #require(state.attentionReading(of: 0)).weights != mean)
    state = ExplorerFixture.after(state, ExplorerFixture.keys(":attention.head 9<Enter>")).state
    #expect(state.message?.text == "heads are 1 to 4, or mean")
  }

  @Test func heldComponentsGoAlong() throws {
    var state = ExplorerFixture.after(
      Self.state(), try Self.opened() + ExplorerFixture.keys("u:features.hold<Enter>")
    ).state
    let held = try #require(state.featureLens.held)
    #expect(held.image == "a0" && state.components(of: 0) == held.components[0])
    #expect(ExplorerScreen.draw(state, PaneRasters()).picture.contains("components of a0"))
    state = ExplorerFixture.after(state, ExplorerFixture.keys(":features.hold<Enter>")).state
    #expect(state.featureLens.held == nil)
  }

  /// Features that are not finite are left out of components and ranges, and are black.
  @Test func componentsAreOfFiniteFeatures() {
    var some = (0..<32).map { Float($0 % 7) }
    (some[5], some[9]) = (.nan, .infinity)
    for values in [some, [Float](repeating: .nan, count: 32)] {
      let map = FeatureMap(
        Tensor(Shape(h: 4, w: 4, c: 2), values), frame: InputFrame(width: 8, height: 6), width: 8,
        height: 6, threads: Threads(1))
      let components = FeatureComponents(fitting: map, threads: Threads(1))
      #expect(components.ranges.count == 2)
      for range in components.ranges {
        #expect(range.lowerBound.isFinite && range.upperBound.isFinite)
      }
      let pixels = components.pixels(of: map, threads: Threads(1))
      let picture = Picture.components(pixels, width: 8, height: 6)
      #expect(picture.width == 8 && picture.height == 6)
    }
    #expect(
      Picture.components([.nan, 0.5, 2, .infinity, -1, 0], width: 2, height: 1).samples
        == [0, 128, 255, 255, 0, 0])
  }

  /// Attention whose weights are no numbers has a scale all the same.
  @Test func theLargestWeightIsANumber() throws {
    let state = ExplorerFixture.after(
      Self.state(), try Self.opened() + ExplorerFixture.keys("uu")
    ).state
    let map = try #require(state.attentionReading(of: 0)).map
    let (w, h) = (map.input.shape.w, map.input.shape.h)
    let broken = AttentionMap.Weights.cross(
      row: [Double](repeating: .nan, count: w), column: [Double](repeating: .nan, count: h))
    #expect(map.peak(broken) == 0)
    let half = AttentionMap.Weights.cross(
      row: [Double](repeating: .nan, count: w), column: [Double](repeating: 0.5, count: h))
    #expect(map.peak(half) == 0.5)
  }

  /// The read-out of logits that are no numbers has dashes.
  @Test func probabilitiesThatAreNoNumbersAreDashes() {
    let broken = Answer(
      outputStride: 4, labels: ExplorerFixture.truth, certainty: nil,
      logits: Tensor(Shape(h: 1, w: 1, c: 3), [.nan, .nan, .nan]),
      frame: InputFrame(width: 33, height: 33), counts: nil, milliseconds: 1)
    var state = ExplorerFixture.after(
      Self.state(),
      [
        .decoded(
          entry: 0, picture: ExplorerFixture.picture, truth: ExplorerFixture.truth, note: nil),
        .answered(entry: 0, slot: 0, broken),
      ]
    ).state
    state.cursor = ExplorerState.PixelPoint(x: 1, y: 1)
    #expect(ExplorerScreen.draw(state, PaneRasters()).picture.contains(" –"))
  }

  @Test func modelsWithoutAttentionSaySo() {
    let alone = ExplorerState(
      columns: 100, rows: 30,
      gallery: Gallery([ExplorerFixture.sample("a")], classNames: ExplorerFixture.classes.names),
      slots: [Slot(name: "sfpn", outputStrides: [4])], classes: ExplorerFixture.classes)
    let state = ExplorerFixture.after(alone, ExplorerFixture.keys("uu")).state
    #expect(state.views[0] == .features)
    #expect(state.message?.text == "sfpn has no attention")
  }

  private static let result = ScatterLens.Result(
    classes: [0, 1, 2], classPlaces: [0, 1, 2, 1], counts: [1, 2, 1],
    layouts: [
      (
        slot: 0,
        layout: FeatureLayout(
          places: [[0, 0], [1, 1], [0, 1], [1, 0]], agreement: [1, 0.5, .nan])
      )
    ], images: 2, method: .umap)

  @Test func aScatterCoversThePicturesUntilEscape() throws {
    let confusion = ImageConfusion(try #require(ExplorerFixture.answer(1).counts))
    let seen = ExplorerEvent.learnt(
      entry: 0, Gallery.Facts(), counts: [SlotCounts(confusion: confusion)])
    var (state, effects) = ExplorerFixture.after(
      Self.state(), [seen] + ExplorerFixture.keys(":scatter<Enter>"))
    let request = effects.compactMap {
      if case .scatter(let request) = $0 { request } else { nil }
    }.first
    #expect(request?.entries == [0] && request?.sampling.classes == [0, 1, 2])
    #expect(state.isCovered && state.scatter.progress != nil)
    (state, effects) = ExplorerFixture.after(
      state, [.scattered(.progress(what: "UMAP", share: 0.5))])
    #expect(ExplorerScreen.draw(state, PaneRasters()).picture.contains("UMAP · Esc gives up"))

    let given = ExplorerFixture.after(state, ExplorerFixture.keys("<Esc>"))
    #expect(!given.state.isCovered)
    #expect(given.effects.contains { if case .stopScatter = $0 { true } else { false } })
    // What comes after it was given up counts no more.
    #expect(
      ExplorerFixture.after(given.state, [.scattered(.done(Self.result))]).state.scatter.result
        == nil)

    state = ExplorerFixture.after(state, [.scattered(.done(Self.result))]).state
    let screen = ExplorerScreen.draw(state, PaneRasters()).picture
    #expect(screen.contains("UMAP of the features of 4 pixels from 2 images"))
    #expect(screen.contains("75.0 % same-class neighbours"))
    #expect(state.exportRequest(path: "")?.sheet.legend.count == 3)
    state = ExplorerFixture.after(state, ExplorerFixture.keys("<Esc>")).state
    #expect(!state.isCovered && state.scatter.result != nil)
  }

  /// The sliders give the pictures their room again.
  @Test func whatIfLeavesTheScatter() {
    var state = Self.state()
    state.scatter.isOpen = true
    state = ExplorerFixture.after(state, ExplorerFixture.keys("w")).state
    #expect(state.whatIf.isOpen && !state.isCovered)
  }

  @Test func aScatterNeedsImagesThatWereSeen() {
    let state = ExplorerFixture.after(Self.state(), ExplorerFixture.keys(":scatter<Enter>")).state
    #expect(!state.isCovered && state.message?.isError == true)
    let other = ExplorerFixture.after(
      Self.state(), ExplorerFixture.keys(":scatter tsne<Enter>")
    ).state
    #expect(other.message?.text == "a scatter is made by umap or pca")
  }
}
