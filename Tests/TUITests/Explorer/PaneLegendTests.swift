import Testing
import Viz

@testable import Core
@testable import TUI

@Suite("Pane legend")
struct PaneLegendTests {
  /// A state whose first image has been read, and answered by `answers`, one a slot.
  private func ready(_ answers: [Answer], columns: Int = 130, keys: String) -> ExplorerState {
    let slots = ["hfgd", "sfpn"].prefix(answers.count)
    let state = ExplorerFixture.state(slots: Array(slots), columns: columns)
    var events: [ExplorerEvent] = [
      .decoded(entry: 0, picture: ExplorerFixture.picture, truth: ExplorerFixture.truth, note: nil)
    ]
    events += answers.enumerated().map { .answered(entry: 0, slot: $0, $1) }
    return ExplorerFixture.after(state, events + ExplorerFixture.keys(keys)).state
  }

  /// What stands at the foot of the first pane.
  private func foot(_ state: ExplorerState, _ rasters: PaneRasters = PaneRasters()) -> String {
    let grid = ExplorerScreen.draw(state, rasters)
    let rect = Layout(state).legends[0]
    guard !rect.isEmpty else { return "" }
    return String((rect.x..<rect.maxX).map { grid[$0, rect.y].glyph })
      .trimmingPrefix { $0 == " " }.description
  }

  private func answer(confidence: [Float], entropy: [Float]) throws -> Answer {
    let plain = ExplorerFixture.answer(1)
    let logits: [Float] = [0, 2, 1]
    var certainty = try logits.withUnsafeBufferPointer {
      Certainty(
        of: TensorView(shape: Shape(h: 1, w: 1, c: 3), base: try #require($0.baseAddress)),
        frame: InputFrame(width: 33, height: 33), height: 6, width: 8, threads: Threads(1))
    }
    certainty.confidence = confidence
    certainty.entropy = entropy
    return Answer(
      outputStride: plain.outputStride, labels: plain.labels, certainty: certainty,
      logits: plain.logits, frame: plain.frame, counts: plain.counts, milliseconds: 1)
  }

  @Test func errorsAreSharesOfThePicture() {
    let state = ready([ExplorerFixture.answer(1)], keys: "5")
    #expect(foot(state).hasPrefix("■ right 50.0 %  ■ wrong 50.0 % "))
    let rect = Layout(state).legends[0]
    let grid = ExplorerScreen.draw(state, PaneRasters())
    #expect(grid[rect.x + 1, rect.y].foreground == Judgement.Verdict.right.colour())
  }

  /// The answer calls all of the picture road, of which half is: 24 found, 24 false, none missed.
  @Test func hitsAreCountedInPixels() {
    let state = ready([ExplorerFixture.answer(1)], keys: "6.")
    #expect(foot(ready([ExplorerFixture.answer(1)], keys: "6")).contains("missed (FN) 24 px"))
    let road = ExplorerFixture.after(state, ExplorerFixture.keys(".")).state
    let both = [foot(state), foot(road)]
    #expect(
      both.contains {
        $0.hasPrefix("■ found (TP) 24 px  ■ false (FP) 24 px  ■ missed (FN) 0 px  IoU 50.0 %")
      })
  }

  /// A is right in the left half, B in the right one.
  @Test func differencesAreSharesAndPixels() {
    let answers = [ExplorerFixture.answer(0), ExplorerFixture.answer(1)]
    let wide = ready(answers, columns: 200, keys: "ccc0")
    #expect(
      foot(wide).hasPrefix(
        "■ only A right 50.0 % (24 px)  ■ only B right 50.0 % (24 px)  ■ both 0.0 % (0 px)"))
    let narrow = ready(answers, columns: 44, keys: "ccc0")
    #expect(foot(narrow).hasPrefix("■ A 50%  ■ B 50%  ■ both 0%  ■ none 0%"))
  }

  /// Legends that are remembered change with everything that they tell of.
  @Test func aRememberedLegendIsWhatWouldBeCounted() throws {
    let values = (0..<48).map { Float($0) / 48 }
    let answers = [try answer(confidence: values, entropy: values), ExplorerFixture.answer(1)]
    var state = ready(answers, keys: "")
    let rasters = PaneRasters()
    var lines: Set<String> = []
    let keys = [
      "5", "6", ".", ",", "7", "]", "[", "8", "UU", ".", "P", "c", "0", "c", "\t", "5", "6",
    ]
    for key in keys {
      state = ExplorerFixture.after(state, ExplorerFixture.keys(key)).state
      #expect(foot(state, rasters) == foot(state), "after \(key)")
      #expect(foot(state, rasters) == foot(state), "again after \(key)")
      lines.insert(foot(state))
    }
    #expect(lines.count > 9, "\(lines)")
  }

  /// A newer model's answer at the same stride is counted anew.
  @Test func aNewAnswerIsCounted() {
    let rasters = PaneRasters()
    let state = ready([ExplorerFixture.answer(1)], keys: "5")
    #expect(foot(state, rasters).contains("right 50.0 %"))
    let newer = ExplorerFixture.after(
      state,
      [
        .replaced(slot: 0, message: "step 2"),
        .answered(entry: 0, slot: 0, ExplorerFixture.answer(2)),
      ]
    ).state
    #expect(foot(newer, rasters).contains("right 0.0 %"))
  }

  @Test(arguments: [Float.infinity, 1e30])
  func endsThatAreNoWholeNumbersAreDrawn(high: Float) {
    var grid = CellGrid(width: 80, height: 1)
    let legend = PaneLegend.scale(
      .viridis, ValueRange(low: 0, high: high), slider: nil, note: ["x"])
    legend.draw(.dark, in: Rect(x: 0, y: 0, width: 80, height: 1), on: &grid)
    #expect(grid[1, 0].glyph == "0")
  }

  /// The legend is never wider than its pane, in any view and size.
  @Test(arguments: [20, 30, 40, 64, 80, 97, 130, 300])
  func everyWidthIsFilledWithWholeWords(columns: Int) throws {
    let values = [Float](repeating: 0.25, count: 48)
    let answers = [try answer(confidence: values, entropy: values), ExplorerFixture.answer(1)]
    for key in ["5", "6", "7", "8", "0"] {
      let line = foot(ready(answers, columns: columns, keys: "ccc" + key))
      #expect(!line.isEmpty)
      #expect(columns < 40 || !line.contains("…"), "\(key) at \(columns): \(line)")
    }
  }

  @Test func theSliderShowsMovesAndCounts() throws {
    let values = (0..<48).map { Float($0) / 48 }
    var state = ready([try answer(confidence: values, entropy: values)], keys: "7")
    #expect(foot(state).contains("50.0 % of the pixels below 50 %"))
    state = ExplorerFixture.after(state, ExplorerFixture.keys("]]")).state
    #expect(abs(state.threshold - 0.7) < 1e-9)
    // The mouse takes the handle anywhere on the bar, and keeps it when it leaves the line.
    let rect = Layout(state).legends[0]
    let bar = try #require(PaneLegend(state, pane: 0)?.sliderBar(in: rect))
    let mouse = [
      MouseEvent(action: .press(.left), column: bar.x, row: bar.y),
      MouseEvent(action: .drag(.left), column: bar.maxX - 1, row: bar.y - 5),
    ]
    #expect(
      ExplorerFixture.after(state, [.terminal(.mouse(mouse[0]))]).state.threshold == 0)
    state = ExplorerFixture.after(state, mouse.map { .terminal(.mouse($0)) }).state
    #expect(state.threshold == 1)
    #expect(!state.viewport.isZoomed)
    #expect(foot(state).contains("100.0 % of the pixels below 100 %"))
  }

  @Test func entropyTellsItsRange() throws {
    let values = [Float](repeating: 0, count: 47) + [0.96]
    let state = ready([try answer(confidence: values, entropy: values)], keys: "8")
    #expect(foot(state).contains("mean 0.020, highest 0.96, in units of ln 3"))
  }

  /// A figure of maps has their legend, one of classes that of the classes, one of both has both.
  @Test func figuresHaveTheLegendOfWhatTheyShow() throws {
    func legend(_ keys: String) throws -> [String] {
      let state = ready([ExplorerFixture.answer(1)], keys: keys)
      return try #require(state.exportRequest(path: "")).sheet.legend.map(\.name)
    }
    #expect(try legend("2") == ["road"])
    #expect(try legend("5") == ["right 50.0 %", "wrong 50.0 %"])
    #expect(try legend("5c") == ["road", "right 50.0 %", "wrong 50.0 %"])
    let values = [Float](repeating: 0.2, count: 48)
    let state = ready([try answer(confidence: values, entropy: values)], keys: "7P")
    let scale = try #require(state.exportRequest(path: "")).sheet.legend
    #expect(scale.map(\.name) == ["0.00", "0.25", "0.50", "0.75", "1.00", "below 50 %"])
    #expect(scale.last?.colour == ColourScheme.safe.mark)
  }

  /// A folder of label maps has no probabilities, and the pane says so.
  @Test func whatIsMissingIsSaid() {
    #expect(foot(ready([ExplorerFixture.answer(1)], keys: "7")).contains("no probabilities"))
    let unlabelled = ready([ExplorerFixture.answer(1, against: nil)], keys: "5")
    #expect(foot(unlabelled).contains("no labels"))
  }
}
