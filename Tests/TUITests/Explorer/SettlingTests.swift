import Core
import Testing

@testable import TUI

/// When all that was asked for is there: what a script's `wait` waits for.
@Suite("Explorer settling")
struct SettlingTests {
  /// The open image read and answered, with extras.
  private func opened(_ extras: Answer.Extras = []) -> [ExplorerEvent] {
    let answers = [32, 4].map { stride in
      var answer = ExplorerFixture.answer(1, stride: stride)
      answer.extras = extras
      return ExplorerEvent.answered(entry: 0, slot: 0, answer)
    }
    return [
      .decoded(
        entry: 0, picture: ExplorerFixture.picture, truth: ExplorerFixture.truth, note: nil)
    ] + answers
  }

  private func after(_ keys: String, _ events: [ExplorerEvent] = []) -> ExplorerState {
    ExplorerFixture.after(
      ExplorerFixture.state(), opened() + ExplorerFixture.keys(keys) + events
    ).state
  }

  @Test func theLastAnswerSettles() {
    #expect(!ExplorerFixture.state().isSettled)
    #expect(
      !ExplorerFixture.after(ExplorerFixture.state(), Array(opened().dropLast())).state.isSettled)
    #expect(after("").isSettled)
    #expect(!after("", [.activity(Activity(what: "reading"))]).isSettled)
    #expect(!after("n").isSettled)
    #expect(!after("e").isSettled)
  }

  /// A view that needs features is there when they are.
  @Test func viewsWaitForTheirExtras() {
    #expect(!after(":view.features<Enter>").isSettled)
    #expect(!after(":view.features<Enter>", opened(.features)).isSettled)
    #expect(after(":view.features<Enter>", opened(.components)).isSettled)
  }

  @Test func lensesAndCountsAreWaitedFor() throws {
    #expect(!after(":evaluate<Enter>").isSettled)
    #expect(after(":evaluate<Enter>", [.evaluated(nil, message: "done")]).isSettled)
    #expect(!after(":scatter<Enter>").isSettled)
    #expect(after(":scatter<Enter>", [.scattered(.failed("no pixel"))]).isSettled)
    let part = after("r")
    #expect(!part.isSettled)
    let request = try #require(part.reinference)
    for end in [
      ExplorerEvent.reinferred(request, slot: 0, ExplorerFixture.truth),
      .reinferenceFailed(request, message: "too large"),
    ] {
      #expect(ExplorerFixture.after(part, [end]).state.isSettled)
    }
  }

  /// An older model's answers are none.
  @Test func aNewerModelIsWaitedFor() {
    let replaced = after("", [.replaced(slot: 0, message: "step 2")])
    #expect(!replaced.isSettled)
    #expect(ExplorerFixture.after(replaced, opened()).state.isSettled)
  }

  /// What cannot be had settles too, also under a corruption; what is asked for after it is a new attempt.
  @Test func failuresSettle() {
    let failed = ExplorerEvent.failed(entry: 0, message: "a0.png is damaged")
    let state = after(":corrupt fog:3<Enter>", [failed])
    #expect(state.isSettled)
    #expect(
      !ExplorerFixture.after(state, ExplorerFixture.keys(":corrupt fog:4<Enter>")).state.isSettled)
  }
}
