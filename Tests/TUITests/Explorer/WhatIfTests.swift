import Testing

@testable import Core
@testable import TUI

/// Sliders of the class tokens, and the predictions that follow from them.
@Suite("Explorer what if")
struct WhatIfTests {
  private static let names = ExplorerFixture.classes.names
  /// Features of one number, from −1 at the left to 1 at the right; sky points left, road right, car is never largest.
  private static let tokens = ClassTokens(
    names: names, width: 1, weights: [-1, 1, 0], bias: [0, 0, -1])
  private static let others = ClassTokens(
    names: names, width: 1, weights: [1, -1, 0], bias: [0, 0, -1])
  private static let map = FeatureMap(
    Tensor(Shape(h: 2, w: 2, c: 1), [-1, 1, -1, 1]), frame: InputFrame(width: 8, height: 6),
    width: 8, height: 6,
    threads: Threads(1))

  /// An answer with features, as a model of `tokens` gives it.
  private static func answer(_ tokens: ClassTokens, truth: LabelMap = ExplorerFixture.truth)
    -> Answer
  {
    let own = TokenEdit(count: 3).prediction(from: map, tokens: tokens, threads: Threads(1))
    return Answer(
      outputStride: 4, labels: own.labels, certainty: own.certainty(of: map, threads: Threads(1)),
      logits: own.logits, frame: InputFrame(width: 8, height: 6),
      counts: ExplorerFixture.classes.counts(own.labels, truth), milliseconds: 1,
      extras: .features, features: map)
  }

  /// Two models whose answers are there, the sliders open on sky, classes in their order.
  private func open(columns: Int = 100, rows: Int = 30) -> ExplorerState {
    var state = ExplorerFixture.state(slots: ["hfgd", "sfpn"], columns: columns, rows: rows)
    state.classPanel.sort = .order
    return ExplorerFixture.after(
      state,
      [
        .decoded(
          entry: 0, picture: ExplorerFixture.picture, truth: ExplorerFixture.truth, note: nil),
        .tokens(slot: 0, Self.tokens), .tokens(slot: 1, Self.others),
        .answered(entry: 0, slot: 0, Self.answer(Self.tokens)),
        .answered(entry: 0, slot: 1, Self.answer(Self.others)),
      ] + ExplorerFixture.keys("w")
    ).state
  }

  /// The state after keys, with every prediction made that they ask for; and what was asked for.
  private func after(_ state: ExplorerState, _ keys: String) -> (
    state: ExplorerState, requests: [WhatIfRequest]
  ) {
    var (state, effects) = ExplorerFixture.after(state, ExplorerFixture.keys(keys))
    let requests = effects.compactMap { if case .edit(let request) = $0 { request } else { nil } }
    for request in requests {
      _ = ExplorerUpdate.update(&state, .edited(request.made(threads: Threads(1))))
    }
    return (state, requests)
  }

  private func text(_ state: ExplorerState) -> String {
    ExplorerScreen.draw(state, PaneRasters()).picture
  }

  @Test func opensWithNothingChanged() {
    let state = open()
    #expect(state.whatIf.isOpen && state.focus == .classes)
    #expect(state.extras.contains(.features))
    #expect(state.answer(of: 0)?.labels == ExplorerFixture.truth)
    #expect(text(state).contains("mIoU 100.0 → 100.0"))
    #expect(after(state, "jk").requests.isEmpty)
  }

  /// A bias moves the border: the picture, the header and the numbers follow; another slot's answer stays.
  @Test func biasesMoveThePrediction() throws {
    let (state, requests) = after(open(), "<Shift-Right>")
    #expect(requests.count == 1 && requests[0].key.edit.bias == [1, 0, 0])
    let answer = try #require(state.answer(of: 0))
    // Sky now reaches to where −x + 1 = x, at pixel 5.25 of 0…7.
    #expect(answer.labels.values.prefix(8) == [0, 0, 0, 0, 0, 0, 1, 1])
    #expect(state.answer(of: 1)?.labels == Self.answer(Self.others).labels)
    // Sky has 24 of 36, road 12 of 24 pixels.
    let iou = state.editedIoU(0)
    #expect(iou.before == 100)
    #expect(try abs(#require(iou.after) - 100 * 24 / 36) < 1e-9)
    #expect(text(state).contains("mIoU 100.0 → 58.3"))
    #expect(text(state).contains("+1.0"))
    #expect(text(state).contains("edited"))
    #expect(state.seen[0].total.meanIoU == 1)
    let back = after(state, "r").state
    #expect(back.answer(of: 0)?.labels == ExplorerFixture.truth)
    let closed = after(state, "w").state
    #expect(closed.answer(of: 0)?.labels == ExplorerFixture.truth && !closed.whatIf.isOpen)
    #expect(after(closed, "w").state.answer(of: 0)?.labels == answer.labels)
  }

  @Test func smallStepsAreTenths() {
    #expect(after(open(), "lll<Left>").state.edit.bias[0] == 0.2)
    #expect(after(open(), "l0").state.edit.isEmpty)
    #expect(after(open(), String(repeating: "L", count: 40)).state.edit.bias[0] == 20)
  }

  @Test func masksLeaveTheSecondChoice() {
    let state = after(open(), "jx").state
    #expect(state.answer(of: 0)?.labels.values.contains(1) == false)
    #expect(text(state).contains("masked"))
    #expect(after(state, "x").state.edit.isEmpty)
    let all = after(state, "kxjjx").state
    #expect(all.edit.masked == [0, 1] && all.message?.isError == true)
  }

  /// Merging is for all models, changes the truth too, and is undone by a second merge of the same class.
  @Test func mergesClassesInLabelsAndTruth() throws {
    var state = after(open(), "mjm").state
    #expect(state.edit.groups.representatives == [0, 0, 2])
    #expect(state.whatIf.edits[1].groups == state.edit.groups)
    #expect(Set(try #require(state.truth).values) == [0])
    #expect(Set(try #require(state.answer(of: 0)).labels.values) == [0])
    #expect(Set(try #require(state.answer(of: 1)).labels.values) == [0])
    #expect(text(state).contains("sky+road") && text(state).contains("= sky"))
    #expect(text(state).contains("by sums 100.0, shown: labels"))
    state = after(state, "p").state
    #expect(state.whatIf.isSummed && text(state).contains("shown: sums"))
    state = after(state, "mm").state
    #expect(state.edit.groups.isTrivial)
    #expect(state.truth == ExplorerFixture.truth)
  }

  @Test func swapsTokensWithTheOtherModel() throws {
    let state = after(open(), "s").state
    #expect(state.answer(of: 0)?.labels == Self.answer(Self.others).labels)
    #expect(text(state).contains("tokens of B"))
    let alone = ExplorerFixture.after(
      ExplorerFixture.state(), [.tokens(slot: 0, Self.tokens)] + ExplorerFixture.keys("ws")
    ).state
    #expect(alone.message?.isError == true && alone.edit.isEmpty)
  }

  /// Temperature leaves labels and moves confidence.
  @Test func temperatureMovesConfidence() throws {
    let own = try #require(open().answer(of: 0)?.certainty)
    let state = after(open(), ">>").state
    #expect(state.edit.temperature == 2)
    #expect(state.answer(of: 0)?.labels == ExplorerFixture.truth)
    #expect(try #require(state.answer(of: 0)?.certainty).confidence[0] < own.confidence[0])
    #expect(after(state, "<").state.edit.temperature == Float(2).squareRoot())
  }

  /// An outcome that a later edit has overtaken is dropped; what was shown stays until the newer one comes.
  @Test func staleOutcomesAreDropped() {
    let (first, requests) = after(open(), "L")
    let shown = first.answer(of: 0)?.labels
    var state = ExplorerFixture.after(first, ExplorerFixture.keys("HH")).state
    #expect(state.answer(of: 0)?.labels == shown)
    _ = ExplorerUpdate.update(&state, .edited(requests[0].made(threads: Threads(1))))
    #expect(state.whatIf.outcomes[0]?.number == 1)
  }

  /// A script waits for the predictions that were asked for.
  @Test func editsAreWaitedFor() {
    #expect(open().isSettled)
    #expect(!ExplorerFixture.after(open(), ExplorerFixture.keys("L")).state.isSettled)
    #expect(after(open(), "L").state.isSettled)
  }

  /// The rasters follow an edit and its undoing.
  @Test func rastersFollow() throws {
    let rasters = PaneRasters()
    var state = open()
    let before = try #require(rasters.raster(state, slot: 0))
    state = after(state, "L").state
    let edited = try #require(rasters.raster(state, slot: 0))
    #expect(edited != before)
    state = after(state, "r").state
    #expect(rasters.raster(state, slot: 0) == before)
  }

  @Test func savesWhatTokensCanSay() throws {
    var state = after(open(), "L").state
    func effects(_ argument: String) -> [ExplorerEffect] {
      guard let command = CommandRegistry.command(named: "tokens.save") else { return [] }
      return ExplorerUpdate.perform(command, argument, on: &state)
    }
    guard case .saveTokens(let request) = effects("x.safetensors").first else {
      Issue.record("nothing is saved")
      return
    }
    #expect(request.path == "x.safetensors" && request.slot == 0)
    #expect(request.tokens.bias == [1, 0, -1])
    #expect(effects("").isEmpty && state.message?.isError == true)
    state = after(state, "rmjm").state
    #expect(effects("x.safetensors").isEmpty && state.message?.isError == true)
  }

  @Test func aFolderHasNoTokens() {
    var state = ExplorerState(
      columns: 100, rows: 30,
      gallery: Gallery([ExplorerFixture.sample("a")], classNames: Self.names),
      slots: [Slot(name: "out", outputStrides: [])], classes: ExplorerFixture.classes)
    state = ExplorerFixture.after(state, ExplorerFixture.keys("w")).state
    #expect(!state.whatIf.isOpen && state.message?.isError == true)
  }

  /// A click chooses the class whose line it is on.
  @Test func theMouseChooses() {
    let state = open()
    let rect = Layout(state).classes
    let click = MouseEvent(action: .press(.left), column: rect.x + 5, row: rect.y + 3)
    #expect(
      ExplorerFixture.after(state, [.terminal(.mouse(click))]).state.classPanel.selected == 2)
  }

  @Test(arguments: [(1, 1), (20, 5), (40, 12), (64, 12), (80, 24), (160, 48)])
  func everySizeIsDrawn(columns: Int, rows: Int) {
    for keys in ["", "L", "x", "mjm", "mjmp", "s"] {
      let state = after(open(columns: columns, rows: rows), keys).state
      let grid = ExplorerScreen.draw(state, PaneRasters())
      #expect((grid.width, grid.height) == (columns, rows))
    }
    let narrow = after(open(columns: 40, rows: 12), "L").state
    #expect(text(narrow).contains("mIoU 100.0 → 58.3 · sky +1.0: 1"))
  }
}
