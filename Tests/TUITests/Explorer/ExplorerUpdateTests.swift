import Core
import Testing

@testable import TUI

@Suite("Explorer update")
struct ExplorerUpdateTests {
  private func shown(_ effects: [ExplorerEffect]) -> [Int] {
    effects.compactMap { if case .show(let entry, _, _) = $0 { entry } else { nil } }
  }

  @Test func movingOpensImagesAndStopsAtTheEnds() {
    let (state, effects) = ExplorerFixture.after(
      ExplorerFixture.state(images: 3), ExplorerFixture.keys("nnnnp<Home><End>"))
    #expect(shown(effects) == [1, 2, 1, 0, 2])
    #expect(state.gallery.selected == 2)
  }

  /// The engine is asked for the neighbours that the list, not the folder, puts beside the image.
  @Test func neighboursFollowTheList() throws {
    var state = ExplorerFixture.state(images: 12)
    state.gallery.setFilter("a1")
    let effects = ExplorerUpdate.update(&state, ExplorerFixture.keys("n")[0])
    guard case .show(let entry, let neighbours, _) = try #require(effects.first) else { return }
    #expect((entry, neighbours) == (state.gallery.selected, [10, 11]) || entry == 10)
  }

  @Test func staleResultsAreDropped() {
    let state = ExplorerFixture.state()
    let (after, _) = ExplorerFixture.after(
      state,
      ExplorerFixture.keys("n") + [
        .decoded(entry: 0, picture: ExplorerFixture.picture, truth: nil, note: nil),
        .answered(entry: 0, slot: 0, ExplorerFixture.answer(1)),
      ])
    #expect(after.shown.entry == 1)
    #expect(after.shown.picture == nil)
    #expect(after.shown.answers[0].isEmpty)
  }

  /// The teacher is shown until the student answers; a held stage stays.
  @Test func coarseToFine() {
    let teacher = ExplorerFixture.answer(0, stride: 32)
    let student = ExplorerFixture.answer(1, stride: 4)
    let picture = ExplorerEvent.decoded(
      entry: 0, picture: ExplorerFixture.picture, truth: ExplorerFixture.truth, note: nil)
    var (state, _) = ExplorerFixture.after(
      ExplorerFixture.state(), [picture, .answered(entry: 0, slot: 0, teacher)])
    #expect(state.answer(of: 0)?.outputStride == 32)
    #expect(state.seen[0].images.isEmpty)
    _ = ExplorerUpdate.update(&state, .answered(entry: 0, slot: 0, student))
    #expect(state.answer(of: 0)?.outputStride == 4)
    #expect(state.seen[0].images.keys.sorted() == [0])
    (state, _) = ExplorerFixture.after(state, ExplorerFixture.keys("o"))
    #expect(state.pinnedStride == 32)
    #expect(state.answer(of: 0)?.outputStride == 32)
  }

  /// A newer checkpoint: what was counted is forgotten, what is on the screen stays until the new model has answered.
  @Test func newerCheckpointsAreTakenUp() {
    let picture = ExplorerEvent.decoded(
      entry: 0, picture: ExplorerFixture.picture, truth: ExplorerFixture.truth, note: nil)
    let answer = ExplorerEvent.answered(entry: 0, slot: 0, ExplorerFixture.answer(1, stride: 4))
    let (state, _) = ExplorerFixture.after(ExplorerFixture.state(), [picture, answer])
    let (replaced, effects) = ExplorerFixture.after(
      state, [.replaced(slot: 0, message: "step 1200")])
    #expect(shown(effects) == [0])
    #expect(replaced.seen[0].images.isEmpty)
    #expect(replaced.shown.picture != nil)
    #expect(replaced.answer(of: 0)?.labels == state.answer(of: 0)?.labels)
    #expect(replaced.message?.text == "step 1200")
    let (again, _) = ExplorerFixture.after(replaced, [answer])
    #expect(again.seen[0].images.keys.sorted() == [0])
  }

  /// What followed from an older model's features and answers goes with it, and no two models' answers are mixed.
  @Test func nothingOfAnOlderModelStays() {
    var state = ExplorerFixture.after(
      ExplorerFixture.state(),
      [
        .decoded(
          entry: 0, picture: ExplorerFixture.picture, truth: ExplorerFixture.truth, note: nil),
        .answered(entry: 0, slot: 0, ExplorerFixture.answer(0, stride: 32)),
        .answered(entry: 0, slot: 0, ExplorerFixture.answer(1)),
      ] + ExplorerFixture.keys("r")
    ).state
    #expect(state.reinference != nil)
    state.similarity.pin = SimilarityLens.Pin(image: "a0", x: 0, y: 0, vectors: [[:]])
    state.similarity.probe = .pin
    state.featureLens.held = FeatureLens.Held(image: "a0", components: [nil])
    state.scatter.progress = ("UMAP", 0.5)
    let (replaced, effects) = ExplorerFixture.after(state, [.replaced(slot: 0, message: "step 2")])
    #expect(replaced.reinference == nil && replaced.featureLens.held == nil)
    #expect(replaced.similarity.pin == nil && replaced.similarity.probe == .cursor)
    #expect(replaced.scatter.progress == nil)
    #expect(replaced.scatter.failure?.contains(":scatter") == true)
    #expect(effects.contains { if case .cancelReinference = $0 { true } else { false } })
    let newer = ExplorerFixture.after(
      replaced, [.answered(entry: 0, slot: 0, ExplorerFixture.answer(2, stride: 32))]
    ).state
    #expect(newer.shown.answers[0].keys.sorted() == [32])
  }

  /// Images count once in the IoU over all that was seen, however often they are opened.
  @Test func seenCountsAreExact() {
    let events: [ExplorerEvent] = [
      .decoded(entry: 0, picture: ExplorerFixture.picture, truth: ExplorerFixture.truth, note: nil),
      .answered(entry: 0, slot: 0, ExplorerFixture.answer(0)),
      .answered(entry: 0, slot: 0, ExplorerFixture.answer(0)),
    ]
    let (state, _) = ExplorerFixture.after(ExplorerFixture.state(), events)
    #expect(state.seen[0].total.truth(0) == 24)
    #expect(state.seen[0].total.iou(0) == 0.5)
  }

  @Test func filterTypesListsAndUndoes() {
    var (state, _) = ExplorerFixture.after(
      ExplorerFixture.state(images: 12), ExplorerFixture.keys("/a1"))
    #expect(state.gallery.listed == [1, 10, 11])
    (state, _) = ExplorerFixture.after(state, ExplorerFixture.keys("<Backspace>"))
    #expect(state.gallery.listed.count == 12)
    (state, _) = ExplorerFixture.after(state, ExplorerFixture.keys("1<Esc>"))
    #expect(state.gallery.filter.isEmpty)
    #expect(state.dialog == .none)
    (state, _) = ExplorerFixture.after(state, ExplorerFixture.keys("/a1<Enter>q"))
    #expect(state.gallery.filter == "a1")
  }

  @Test func paletteCompletesRunsAndRemembers() {
    var (state, effects) = ExplorerFixture.after(
      ExplorerFixture.state(), ExplorerFixture.keys(":image.op<Tab>a3<Enter>"))
    #expect(shown(effects) == [3])
    #expect(state.history == ["image.open a3"])
    (state, effects) = ExplorerFixture.after(
      state, ExplorerFixture.keys(":<Up><Backspace>2<Enter>"))
    #expect(shown(effects) == [2])
    (state, _) = ExplorerFixture.after(state, ExplorerFixture.keys(":nonsense<Enter>"))
    #expect(state.message?.isError == true)
  }

  /// What is highlighted runs, also where the text is the name of another command.
  @Test func theHighlightedCommandRuns() {
    let found = DialogUpdate.completions(of: "tokens")
    #expect(found[0].name == "tokens")
    let state = ExplorerFixture.state()
    func run(_ keys: String) -> [String] {
      ExplorerFixture.after(state, ExplorerFixture.keys(":tokens\(keys)<Enter>")).state.history
    }
    #expect(run("") == ["tokens"])
    #expect(run("<Down>") == [found[1].name])
    #expect(run("<Down><Up>") == ["tokens"])
  }

  @Test func theHistoryIsGoneThrough() {
    var state = ExplorerFixture.state()
    state.history = ["sheet", "theme"]
    func line(_ keys: String) -> ExplorerState.Palette? {
      let dialog = ExplorerFixture.after(state, ExplorerFixture.keys(":" + keys)).state.dialog
      guard case .palette(let palette) = dialog else { return nil }
      return palette
    }
    #expect(line("<Up>")?.text == "theme")
    #expect(line("<Up><Up>")?.text == "sheet" && line("<Up><Up><Up>")?.text == "sheet")
    #expect(line("<Up><Up><Down>")?.text == "theme")
    #expect(line("<Up><Down>") == ExplorerState.Palette())
    // Once the arrows choose, they go on choosing.
    #expect(line("<Down><Down>")?.selection == 2)
    #expect(line("<Down><Up>")?.text == "" && line("<Down><Up>")?.selection == 0)
  }

  @Test func theHistoryIsBounded() {
    let keys = String(repeating: ":meter<Enter>", count: ExplorerState.historyLimit + 9)
    let state = ExplorerFixture.after(ExplorerFixture.state(), ExplorerFixture.keys(keys)).state
    #expect(state.history.count == ExplorerState.historyLimit)
  }

  @Test func blanksAroundWordsMeanNothing() {
    let (state, effects) = ExplorerFixture.after(
      ExplorerFixture.state(), ExplorerFixture.keys(":  image.open  a3 <Enter>"))
    #expect(shown(effects) == [3])
    #expect(state.history == ["image.open a3"])
  }

  /// Marks of the store come when it has been read; what was unmarked meanwhile stays so.
  @Test func storedMarksJoinThoseThatWereNotChanged() {
    var state = ExplorerFixture.state()
    state.gallery.marks = ["a0", "a1"]
    let (after, _) = ExplorerFixture.after(
      state, ExplorerFixture.keys("m") + [.marked(["a0", "a2"])])
    #expect(after.gallery.marks == ["a1", "a2"])
  }

  @Test func helpFiltersAndRuns() {
    let (state, _) = ExplorerFixture.after(
      ExplorerFixture.state(), ExplorerFixture.keys("?entropy<Down><Enter>"))
    #expect(state.dialog == .none)
    #expect(state.views[0] == .entropy || state.gallery.sort != .name)
  }

  @Test func viewsThatNeedLabelsSayWhenThereAreNone() {
    let (state, _) = ExplorerFixture.after(
      ExplorerFixture.state(hasLabels: false), ExplorerFixture.keys("5"))
    #expect(state.views[0] == .overlay)
    #expect(state.message?.isError == true)
    let (cycled, _) = ExplorerFixture.after(
      ExplorerFixture.state(hasLabels: false), ExplorerFixture.keys("vvvvv"))
    #expect(!cycled.views[0].needsTruth)
  }

  /// A prediction that fails does not hide what was said of the labels.
  @Test func allThatIsWrongWithAnImageIsTold() {
    let (state, _) = ExplorerFixture.after(
      ExplorerFixture.state(),
      [
        .decoded(
          entry: 0, picture: ExplorerFixture.picture, truth: nil, note: "labels are 5×4"),
        .failed(entry: 0, message: "p/a0.png is missing"),
      ])
    #expect(state.message?.text == "labels are 5×4 · p/a0.png is missing")
  }

  @Test func zoomStaysFromImageToImage() {
    let (state, _) = ExplorerFixture.after(ExplorerFixture.state(), ExplorerFixture.keys("++Ln"))
    #expect(state.gallery.selected == 1)
    #expect(abs(state.viewport.zoom - 2.25) < 1e-9)
    #expect(state.viewport.centreX > 0.5)
  }

  @Test func everyKeyBelongsToOneCommandAndEveryNameIsUnique() {
    for mode in ExplorerCommand.Mode.allCases.map(Optional.some) + [nil] {
      let keys = CommandRegistry.all.filter { $0.mode == mode }.flatMap(\.keys)
      #expect(Set(keys).count == keys.count)
    }
    #expect(Set(CommandRegistry.all.map(\.name)).count == CommandRegistry.all.count)
  }

  /// Ten thousand random events: no trap, and the invariants of the state hold after each.
  @Test(arguments: 0..<4)
  func survivesAnything(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    var state = ExplorerFixture.state(images: 7, slots: ["hfgd", "sfpn"])
    let keys = CommandRegistry.all.flatMap(\.keys)
    for _ in 0..<2500 {
      let event: ExplorerEvent =
        switch Int.random(in: 0..<10, using: &random) {
        case 0: .tick
        case 1:
          .terminal(
            .resize(
              columns: Int.random(in: 1...200, using: &random),
              rows: Int.random(in: 1...70, using: &random)))
        case 2:
          .decoded(
            entry: Int.random(in: 0..<7, using: &random), picture: ExplorerFixture.picture,
            truth: Bool.random(using: &random) ? ExplorerFixture.truth : nil, note: nil)
        case 3:
          .answered(
            entry: state.shown.entry, slot: Int.random(in: 0..<2, using: &random),
            ExplorerFixture.answer(
              UInt16.random(in: 0..<4, using: &random),
              stride: [32, 4].randomElement(using: &random)!))
        case 4:
          .terminal(
            .mouse(
              MouseEvent(
                action: [
                  .press(.left), .drag(.left), .move, .wheelUp,
                  .wheelDown,
                ]
                .randomElement(using: &random)!, column: Int.random(in: 0..<200, using: &random),
                row: Int.random(in: 0..<70, using: &random))))
        default:
          .terminal(.key(keys.filter { $0 != Key("q") }.randomElement(using: &random)!))
        }
      _ = ExplorerUpdate.update(&state, event)
      #expect(state.gallery.entries.indices.contains(state.gallery.selected))
      #expect(Viewport.zooms.contains(state.viewport.zoom))
      let grid = ExplorerScreen.draw(state, PaneRasters())
      #expect((grid.width, grid.height) == (state.columns, state.rows))
    }
  }
}
