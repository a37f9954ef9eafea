import Core
import Testing

@testable import TUI
@testable import Viz

/// The token bench over the pictures.
@Suite("Explorer token bench")
struct TokenBenchTests {
  /// Sky and car are alike, road is not.
  private static let tokens = ClassTokens(
    names: ExplorerFixture.classes.names, width: 2, weights: [2, 0, 0, 2, 1.5, 0.5],
    bias: [0, 0, 0])
  private static let others = ClassTokens(
    names: ExplorerFixture.classes.names, width: 1, weights: [1, 2, -1], bias: [0, 0, 0])

  private func after(_ state: ExplorerState, _ keys: String, _ events: [ExplorerEvent] = [])
    -> ExplorerState
  {
    ExplorerFixture.after(state, events + ExplorerFixture.keys(keys)).state
  }

  /// A bench of one model or two.
  private func bench(_ slots: [String] = ["hfgd"], _ keys: String = "") -> ExplorerState {
    let told: [ExplorerEvent] =
      [.tokens(slot: 0, Self.tokens)]
      + (slots.count > 1 ? [.tokens(slot: 1, Self.others)] : [])
    return after(ExplorerFixture.state(slots: slots), "B" + keys, told)
  }

  private func text(_ state: ExplorerState) -> String {
    ExplorerScreen.draw(state, PaneRasters()).picture
  }

  @Test func isReadingUntilTheModelIsLoaded() {
    let state = after(ExplorerFixture.state(), "B")
    #expect(text(state).contains("reading hfgd"))
    #expect(text(bench()).contains("hfgd · mean confidence 0.669"))
    let replaced = after(bench(), "", [.replaced(slot: 0, message: "a newer one")])
    #expect(text(replaced).contains("reading hfgd"))
  }

  @Test func aFolderOfPredictionsSaysThatItHasNone() {
    var state = ExplorerState(
      columns: 100, rows: 30,
      gallery: Gallery([ExplorerFixture.sample("a")], classNames: ExplorerFixture.classes.names),
      slots: [Slot(name: "hfgd", outputStrides: [4]), Slot(name: "out", outputStrides: [])],
      classes: ExplorerFixture.classes)
    state = after(state, "B", [.tokens(slot: 0, Self.tokens)])
    #expect(text(state).contains("a folder of predictions has no class tokens"))
    #expect(text(state).contains("A hfgd · mean confidence"))
  }

  /// The line below tells the numbers of the pair; arrows stop at the edges and follow the order on the screen.
  @Test func theCursorMovesInTheOrder() {
    var state = bench(["hfgd"], "l")
    #expect(state.bench.pair == Confusion(truth: 0, prediction: 1))
    #expect(text(state).contains("sky, road: softmax 0.013 · cosine 0.000"))
    state = after(state, "kkhhh")
    #expect(state.bench.pair == Confusion(truth: 0, prediction: 0))
    // Clustered, car stands between sky and road.
    state = after(state, "Cl")
    #expect(state.bench.pair == Confusion(truth: 0, prediction: 2))
    state = after(state, "lll")
    #expect(state.bench.pair == Confusion(truth: 0, prediction: 1))
  }

  @Test func valuesAndScaleChange() {
    var state = bench()
    #expect(text(state).contains("softmax of w·w"))
    state = after(state, "s")
    #expect(text(state).contains("softmax of w·w/sqrt(D)"))
    state = after(state, "v")
    #expect(state.bench.measure == TokenMeasure(values: .cosine, scale: .sqrt))
    #expect(text(state).contains("-1.00") && text(state).contains("+1.00"))
    #expect(after(state, "sv").bench.measure == TokenMeasure())
  }

  @Test func twoModelsStandSideBySideOrDiffer() {
    var state = bench(["hfgd", "sfpn"])
    #expect(text(state).contains("A hfgd") && text(state).contains("B sfpn"))
    state = after(state, "<Tab>")
    #expect(text(state).contains("B sfpn - A hfgd"))
    state = after(state, "t")
    #expect(!text(state).contains("sfpn") && text(state).contains("A hfgd"))
    state = after(state, "c")
    #expect(!text(state).contains("hfgd ·") && text(state).contains("B sfpn"))
    #expect(after(bench(), "t").message?.isError == true)
  }

  /// Squares grow and shrink, and no key counts beyond what there is.
  @Test func zoomStopsAtTheLargestAndTheSmallest() throws {
    let state = bench()
    let fitting = try #require(TokenPanel.square(state))
    let small = after(state, String(repeating: "-", count: 20))
    #expect(TokenPanel.square(small) == MatrixSquare(columns: 1, rows: 1))
    let larger = try #require(TokenPanel.square(after(small, "+")))
    #expect(larger == MatrixSquare(columns: 2, rows: 1))
    let large = after(state, String(repeating: "+", count: 20))
    #expect(try #require(TokenPanel.square(large)).columns >= fitting.columns)
    #expect(TokenPanel.square(after(large, "-")) != TokenPanel.square(large))
  }

  /// Enter opens the images of the pair in the chart's own model, and Esc leads back to the bench.
  @Test func enterOpensThePixelsOfThePair() {
    let answer = ExplorerFixture.answer(1)
    let opened: [ExplorerEvent] = [
      .decoded(
        entry: 0, picture: ExplorerFixture.picture, truth: ExplorerFixture.truth, note: nil),
      .answered(entry: 0, slot: 1, answer),
    ]
    var state = after(bench(["hfgd", "sfpn"], "ttt"), "l", opened)
    #expect(state.bench.show == .b)
    state = after(state, "<Enter>")
    #expect(!state.bench.isOpen)
    #expect(state.walk?.confusion == Confusion(truth: 0, prediction: 1))
    #expect(state.walk?.slot == 1)
    #expect(state.walk?.blobs?.map(\.pixels) == [24])
    #expect(text(state).contains("Esc bench"))
    state = after(state, "<Esc>")
    #expect(state.bench.isOpen && state.walk == nil && state.confusion == nil)
    // Nothing is wrong the other way round.
    state = after(state, "hj<Enter>")
    #expect(state.bench.isOpen && state.message != nil)
  }

  @Test func closesByItsKeyAndByOthers() {
    #expect(!after(bench(), "B").bench.isOpen)
    #expect(!after(bench(), "<Esc>").bench.isOpen)
    let sheet = after(bench(), "G")
    #expect(!sheet.bench.isOpen && sheet.isGridOpen)
  }

  @Test func theMouseChooses() throws {
    let state = bench(["hfgd", "sfpn"])
    let rect = Layout(state).panes[0]
    let all = (0..<rect.height).flatMap { y in (0..<rect.width).map { ($0 + rect.x, y + rect.y) } }
    let wanted = Confusion(truth: 2, prediction: 1)
    let place = try #require(
      all.first { place in
        TokenPanel.pair(state, column: place.0, row: place.1, in: rect).map {
          $0.0 == wanted && $0.slot == 1
        } ?? false
      })
    func mouse(_ action: MouseEvent.Action) -> ExplorerEvent {
      .terminal(.mouse(MouseEvent(action: action, column: place.0, row: place.1)))
    }
    let selected = after(state, "", [mouse(.press(.left))])
    #expect(selected.bench.pair == wanted)
    #expect(after(selected, "", [mouse(.press(.left))]).message != nil)
    #expect(after(state, "", [mouse(.wheelDown)]).bench.pair.truth == 1)
  }

  @Test func theBenchIsExported() {
    let (_, effects) = ExplorerFixture.after(
      bench(["hfgd", "sfpn"]), ExplorerFixture.keys("e"))
    guard case .export(let request) = effects.first else {
      Issue.record("nothing was exported")
      return
    }
    #expect(request.path == "hfgd-sfpn.tokens.png")
    #expect(request.sheet.panels.count == 2)
    #expect(after(ExplorerFixture.state(), "Be").message?.isError == true)
  }

  @Test(arguments: [(1, 1), (20, 5), (40, 12), (80, 24), (160, 48)])
  func everySizeIsDrawn(columns: Int, rows: Int) {
    for keys in ["", "t", "tt", "v", "s", "C", "+++", "---", "Gj"] {
      var state = bench(["hfgd", "sfpn"], keys)
      (state.columns, state.rows) = (columns, rows)
      let grid = ExplorerScreen.draw(state, PaneRasters())
      #expect((grid.width, grid.height) == (columns, rows))
    }
  }
}
