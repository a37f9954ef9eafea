import Core
import Testing

@testable import TUI

/// Corrupted pictures, parts that are left out, and the view predicted by itself.
@Suite("Explorer alterations")
struct AlterationTests {
  private static let fog = Alteration(corruption: Corruption(.fog, severity: 3))

  /// A state with the open image read and answered as usual.
  private func open(slots: [String] = ["hfgd"]) -> ExplorerState {
    ExplorerFixture.after(
      ExplorerFixture.state(slots: slots),
      [
        .decoded(
          entry: 0, picture: ExplorerFixture.picture, truth: ExplorerFixture.truth, note: nil),
        .answered(entry: 0, slot: 0, ExplorerFixture.answer(0, stride: 32)),
        .answered(entry: 0, slot: 0, ExplorerFixture.answer(0)),
      ]
    ).state
  }

  private func after(_ state: ExplorerState, _ keys: String)
    -> (state: ExplorerState, effects: [ExplorerEffect])
  {
    ExplorerFixture.after(state, ExplorerFixture.keys(keys))
  }

  private func asked(_ effects: [ExplorerEffect]) -> [Alteration] {
    effects.compactMap {
      if case .showAltered(_, _, let alteration) = $0 { alteration } else { nil }
    }
  }

  @Test func thePanelChoosesKindAndSeverity() {
    let (state, effects) = after(open(), "I<Right><Right><Down>3")
    #expect(
      asked(effects) == [
        Alteration(corruption: Corruption(.noise, severity: 1)),
        Alteration(corruption: Corruption(.noise, severity: 2)),
        Alteration(corruption: Corruption(.blur, severity: 2)),
        Alteration(corruption: Corruption(.blur, severity: 3)),
      ])
    let screen = ExplorerScreen.draw(state, PaneRasters()).picture
    #expect(screen.contains("●●●○○ 3") && screen.contains("blur 3"))
    let kept = after(state, "<Enter>").state
    #expect(kept.dialog == .none && kept.alteration.corruption == Corruption(.blur, severity: 3))
    let off = after(kept, "<Esc>")
    #expect(off.state.alteration.isNone)
    #expect(off.effects.contains { if case .show = $0 { true } else { false } })
  }

  /// What is answered under an alteration replaces what was usual, is not counted, and is dropped once it is out of date.
  @Test func answersBelongToTheirAlteration() {
    let asked = after(open(), ":corrupt fog:3<Enter>").state
    #expect(asked.alteration == Self.fog && asked.shown.answers[0].count == 2)
    let dark = Picture(width: 8, height: 6, filled: RGB(1, 1, 1))
    let altered: [ExplorerEvent] = [
      .altered(
        Self.fog, .decoded(entry: 0, picture: dark, truth: ExplorerFixture.truth, note: nil)),
      .altered(Self.fog, .answered(entry: 0, slot: 0, ExplorerFixture.answer(1, stride: 32))),
    ]
    let shown = ExplorerFixture.after(asked, altered).state
    #expect(shown.shown.picture == dark)
    #expect(shown.answer(of: 0)?.outputStride == 32 && shown.answer(of: 0)?.labels[0, 0] == 1)
    let fine = ExplorerFixture.after(
      shown, [.altered(Self.fog, .answered(entry: 0, slot: 0, ExplorerFixture.answer(1)))]
    ).state
    #expect(fine.seen[0].total == open().seen[0].total)
    // What is usual arrives late, as from a run before.
    let late = ExplorerFixture.after(
      fine, [.answered(entry: 0, slot: 0, ExplorerFixture.answer(0))]
    ).state
    #expect(late.answer(of: 0)?.labels[0, 0] == 1)
    let off = after(late, ":corrupt off<Enter>").state
    let stale = ExplorerFixture.after(off, altered).state
    #expect(stale.shown.picture == dark)
    let usual = ExplorerFixture.after(
      stale,
      [
        .decoded(
          entry: 0, picture: ExplorerFixture.picture, truth: ExplorerFixture.truth, note: nil)
      ]
    ).state
    #expect(usual.shown.picture == ExplorerFixture.picture && usual.shown.answers[0].isEmpty)
  }

  @Test func partsAreSwitched() {
    let (state, effects) = after(open(), "W <Down> ")
    #expect(asked(effects).map(\.ablation) == [.axial, [.axial, .p2]])
    #expect(
      ExplorerScreen.draw(state, PaneRasters()).picture.contains("without axial,p2 · not retrained")
    )
    let refused = after(state, "<Down> <Down> <Down> ")
    #expect(refused.state.alteration.ablation == [.axial, .p2, .p3, .p4])
    #expect(refused.state.message?.isError == true)
    #expect(after(refused.state, "<Esc>").state.alteration.isNone)
    #expect(after(open(), ":without p9<Enter>").state.message?.isError == true)
    #expect(after(open(), ":corrupt rain<Enter>").state.message?.text.contains("noise") == true)
  }

  /// 1×, 2×, off; the region stays, its labels stand in the answer, and the header tells how many differ.
  @Test func theViewByItself() throws {
    let (first, effects) = after(open(), "r")
    guard case .reinfer(let request)? = effects.last else {
      Issue.record("\(effects)")
      return
    }
    #expect(request.scale == 1 && request.strides == [4])
    #expect(request.region == PixelRegion(x: 0..<8, y: 0..<6))
    let half = LabelMap(width: 8, height: 6, values: (0..<48).map { $0 < 12 ? 1 : 0 })
    let shown = ExplorerFixture.after(first, [.reinferred(request, slot: 0, half)]).state
    #expect(shown.answer(of: 0)?.labels == half)
    #expect(shown.reinference?.results[0]?.change.different == 12)
    #expect(ExplorerScreen.draw(shown, PaneRasters()).picture.contains("view 1×: 25.0 % differ"))
    // Counted against the truth as it is shown, but not among the images seen.
    #expect(
      shown.answer(of: 0)?.counts?.pixelAccuracy != open().answer(of: 0)?.counts?.pixelAccuracy)
    #expect(shown.seen[0].total == open().seen[0].total)
    let twice = after(shown, "r")
    #expect(twice.state.reinference?.scale == 2 && twice.state.answer(of: 0)?.labels[0, 0] == 0)
    let late = ExplorerFixture.after(twice.state, [.reinferred(request, slot: 0, half)]).state
    #expect(late.reinference?.results.isEmpty == true)
    let off = after(twice.state, "r")
    #expect(off.state.reinference == nil)
    #expect(after(shown, "n").state.reinference == nil)
  }

  /// There is nothing to put a part into before the whole is answered, or the stage that is held.
  @Test func theViewWaitsForTheWhole() {
    let read = ExplorerEvent.decoded(
      entry: 0, picture: ExplorerFixture.picture, truth: ExplorerFixture.truth, note: nil)
    let teacher = ExplorerEvent.answered(
      entry: 0, slot: 0, ExplorerFixture.answer(0, stride: 32))
    for events in [[read], [read, teacher]] {
      let (state, effects) = ExplorerFixture.after(
        ExplorerFixture.state(), events + ExplorerFixture.keys("r"))
      #expect(effects.isEmpty && state.reinference == nil)
      #expect(state.message?.isError == true)
    }
    let held = ExplorerFixture.after(
      ExplorerFixture.state(), [read, teacher] + ExplorerFixture.keys("or"))
    #expect(held.state.reinference?.strides == [32])
  }

  /// What comes of a part goes into the stage that it was predicted at, whatever is held by then.
  @Test func aPartBelongsToItsStage() throws {
    let first = after(open(), "r").state
    let request = try #require(first.reinference)
    let half = LabelMap(width: 8, height: 6, values: (0..<48).map { $0 < 12 ? 1 : 0 })
    let held = ExplorerFixture.after(
      first, ExplorerFixture.keys("o") + [.reinferred(request, slot: 0, half)]
    ).state
    #expect(held.reinference?.results[0]?.answer.outputStride == 4)
    #expect(held.answer(of: 0)?.outputStride == 32 && held.answer(of: 0)?.labels != half)
    #expect(after(held, "oo").state.answer(of: 0)?.labels == half)
  }

  /// Whatever takes the part's place gives it up in the engine, too; and one that cannot be predicted is told.
  @Test func aPartIsGivenUp() throws {
    let first = after(open(), "r").state
    for keys in ["n", ":corrupt fog:3<Enter>", "<Esc>"] {
      let (state, effects) = after(first, keys)
      #expect(state.reinference == nil)
      #expect(effects.contains { if case .cancelReinference = $0 { true } else { false } })
    }
    let request = try #require(first.reinference)
    let failed = ExplorerFixture.after(
      first, [.reinferenceFailed(request, message: "too large")]
    ).state
    #expect(failed.reinference == nil && failed.message?.text == "too large")
  }
}
