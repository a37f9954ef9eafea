import Core
import Foundation
import Testing

@testable import TUI
@testable import Viz

/// What is shown of the chosen class: its query's mask, its probability.
@Suite("Views of a class")
struct ClassViewTests {
  /// Answers of a model that makes masks: the query of sky looks everywhere, that of road nowhere, that of car in between.
  private static func state(_ keys: String) -> ExplorerState {
    let state = ExplorerFixture.state(
      of: [Slot(name: "segvit", outputStrides: [4], makesMasks: true)])
    var answer = ExplorerFixture.answer(1)
    answer.extras = .masks
    answer.masks = QueryMasks(
      Tensor(Shape(h: 1, w: 1, c: 3), [40, -40, 0]),
      classes: Tensor(
        Shape(h: 1, w: 3, c: 4),
        [Float(log(6.0)), 0, 0, Float(log(2.0)), 0, 0, 0, 0, 0, 0, Float(log(7.0)), 0]),
      width: 8, height: 6)
    let opened: [ExplorerEvent] = [
      .decoded(
        entry: 0, picture: ExplorerFixture.picture, truth: ExplorerFixture.truth, note: nil),
      .answered(entry: 0, slot: 0, answer),
    ]
    return ExplorerFixture.after(state, opened + ExplorerFixture.keys(keys)).state
  }

  @Test func masksAreAskedForWhenTheyAreShown() {
    let state = ExplorerFixture.state(
      of: [Slot(name: "segvit", outputStrides: [1], makesMasks: true)])
    let effects = ExplorerFixture.after(state, ExplorerFixture.keys("U")).effects
    let extras = effects.compactMap { effect in
      if case .show(_, _, let extras) = effect { extras } else { nil }
    }
    #expect(extras == [.masks])
  }

  @Test func aMaskIsOfTheChosenClass() {
    // Road is everywhere and comes first, then sky, which is chosen.
    for (steps, name, expected) in [("", "sky", Float(1)), (".", "car", 0.5), ("..", "road", 0)] {
      var state = Self.state("U" + steps)
      state.cursor = ExplorerState.PixelPoint(x: 5, y: 2)
      let values = state.valuesOfChosenClass(in: 0) ?? []
      #expect(values.count == 48 && values.allSatisfy { abs($0 - expected) < 1e-6 })
      let cursor = state.readOut?.opinions.first?.lens
      #expect(
        cursor.map { $0.name == "mask of \(name)" && abs($0.value - expected) < 1e-6 } == true)
      #expect(state.captions(of: 0)[0].contains("mask of \(name)"))
    }
  }

  @Test func theLegendNamesWhatTheQueryShows() throws {
    guard case .scale(_, let range, _, let note)? = PaneLegend(Self.state("U"), pane: 0)
    else {
      Issue.record("no scale")
      return
    }
    #expect(range == ValueRange(low: 0, high: 1))
    #expect(
      note[0] == "where the query of sky looks; it shows sky 60.0 %, nothing 20.0 %, road 10.0 %")
    let rows = Self.state("U").classRows(in: nil).sorted { $0.classIndex < $1.classIndex }
    #expect(rows.map { $0.query?.own.rounded() } == [60, 25, 70])
    #expect(rows.map { $0.query?.nothing.rounded() } == [20, 25, 10])
  }

  @Test func probabilitiesComeNextAndAreTheSoftmax() {
    var state = Self.state("UU..")
    state.cursor = ExplorerState.PixelPoint(x: 5, y: 2)
    #expect(state.views[0] == .probability)
    let exact = Float(exp(2.0) / (1 + exp(2.0) + exp(1.0)))
    #expect(state.valuesOfChosenClass(in: 0)?.allSatisfy { abs($0 - exact) < 1e-6 } == true)
    #expect(state.readOut?.opinions.first?.lens.map { abs($0.value - exact) < 1e-6 } == true)
    #expect(state.classRows(in: nil).allSatisfy { $0.query == nil })
  }

  @Test func modelsOfTokensHaveProbabilitiesOnly() {
    let state = ExplorerFixture.after(
      ExplorerFixture.state(), ExplorerFixture.keys("U")
    ).state
    #expect(state.views[0] == .probability)
    var refused = state
    refused.show(.mask)
    #expect(refused.views[0] == .probability)
    #expect(refused.message?.text.contains("makes no masks") == true)
  }

  @Test func partsAreOfferedThatAModelHas() {
    let state = Self.state("W")
    #expect(state.removableParts.isEmpty && state.dialog == .none)
    let branches = ExplorerFixture.state(
      of: [Slot(name: "sfpn", outputStrides: [4], removableParts: [.p4, .p5])])
    #expect(branches.removableParts.map(\.name) == ["p4", "p5"])
    let (after, _) = ExplorerFixture.after(branches, ExplorerFixture.keys("Wj "))
    #expect(after.alteration.ablation == .p5)
  }
}
