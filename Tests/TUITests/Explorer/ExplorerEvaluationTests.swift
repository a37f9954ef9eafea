import Core
import Foundation
import Testing

@testable import TUI

/// Counts that come from the store or from an evaluation beside the screen.
@Suite("Explorer evaluation")
struct ExplorerEvaluationTests {
  /// Images that are `right` of 48 pixels sky, the rest of which is called road.
  private func counted(_ entry: Int, right: Int) -> Counted {
    var matrix = ConfusionMatrix(classes: 3)
    matrix.add(UInt64(right), truth: 0, prediction: 0)
    matrix.add(UInt64(48 - right), truth: 0, prediction: 1)
    return Counted(entry: entry, matrix)
  }

  private func measured(slots: [String] = ["hfgd"]) -> ExplorerState {
    let state = ExplorerFixture.state(images: 5, slots: slots)
    let images = [48, 12, 24, 36].enumerated().map { counted($0, right: $1) }
    return ExplorerFixture.after(state, [.counted(slot: 0, images)]).state
  }

  private func names(_ state: ExplorerState) -> [String] {
    state.gallery.listed.map { state.gallery.entries[$0].name }
  }

  @Test func countsAreKnownWithoutShowingImages() {
    let state = measured()
    #expect(state.seen[0].total.iou(0) == 120 / 192.0)
    #expect(state.gallery.facts[1]?.meanIoU == [12.5])
    #expect(state.gallery.number("aAcc", of: 1) == 25)
    #expect(state.gallery.number("IoU.sky", of: 3) == 75)
    #expect(state.gallery.number("iou.Road", of: 0) == nil)
    #expect(state.gallery.number("mIoU", of: 4) == nil)
  }

  /// An image that is counted twice, as by a run and on the screen, counts once.
  @Test func nothingCountsTwice() {
    let again = ExplorerFixture.after(measured(), [.counted(slot: 0, [counted(0, right: 1)])])
    #expect(again.state.seen[0].total == measured().seen[0].total)
  }

  @Test func filtersByNumbers() {
    func filtered(_ text: String) -> [String] {
      names(
        ExplorerFixture.after(measured(), ExplorerFixture.keys("/\(text)<Enter>")).state)
    }
    #expect(filtered("IoU.sky>=50") == ["a0", "a2", "a3"])
    #expect(filtered("aAcc<30") == ["a1"])
    // What is no number is looked for in names.
    #expect(filtered("a3") == ["a3"])
    #expect(filtered("IoU.boat<3") == [])
  }

  @Test func sortsByNumbers() {
    func sorted(_ by: String) -> ExplorerState {
      ExplorerFixture.after(measured(), ExplorerFixture.keys(":list.sort \(by)<Enter>")).state
    }
    #expect(names(sorted("IoU.sky")) == ["a1", "a2", "a3", "a0", "a4"])
    #expect(names(sorted("aacc")) == ["a1", "a2", "a3", "a0", "a4"])
    #expect(sorted("speed").message?.text.contains("images have no speed") == true)
    #expect(names(sorted("name")) == ["a0", "a1", "a2", "a3", "a4"])
  }

  @Test func evaluationBeginsTellsAndStops() {
    let begun = ExplorerFixture.after(
      ExplorerFixture.state(images: 3), ExplorerFixture.keys(":evaluate<Enter>"))
    #expect(begun.effects.contains { if case .evaluate = $0 { true } else { false } })
    let going = ExplorerFixture.after(begun.state, [.evaluated((1, 3), message: nil)]).state
    #expect(going.evaluation?.done == 1)
    let stopped = ExplorerFixture.after(going, ExplorerFixture.keys(":evaluate<Enter>"))
    #expect(stopped.state.evaluation == nil)
    #expect(stopped.effects.contains { if case .stopEvaluating = $0 { true } else { false } })
    let ended = ExplorerFixture.after(going, [.evaluated(nil, message: "done")]).state
    #expect(ended.evaluation == nil && ended.message?.text == "done")
  }

  @Test func thereIsNothingToCountWithoutLabels() {
    let state = ExplorerFixture.after(
      ExplorerFixture.state(images: 3, hasLabels: false), ExplorerFixture.keys(":evaluate<Enter>"))
    #expect(state.state.evaluation == nil && state.effects.isEmpty)
    #expect(state.state.message?.text.contains("--labels") == true)
  }
}
