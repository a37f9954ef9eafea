import Core
import Testing
import Viz

@testable import TUI

/// The confusion matrix over the pictures, and the way through the blobs of a confusion.
@Suite("Explorer confusion")
struct ConfusionTests {
  /// Sky is true everywhere; two blobs of 4 and 2 pixels are taken for road, one of 1 for car.
  private static let predicted = LabelMap(
    width: 8, height: 6,
    values: [
      0, 0, 0, 0, 0, 0, 0, 0,
      0, 1, 1, 0, 0, 0, 0, 0,
      0, 1, 1, 0, 0, 0, 2, 0,
      0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 1, 0, 0,
      0, 0, 0, 0, 0, 0, 1, 0,
    ])
  private static let sky = LabelMap(width: 8, height: 6, values: Array(repeating: 0, count: 48))
  private static let road = Confusion(truth: 0, prediction: 1)

  private func answer(_ labels: LabelMap, stride: Int = 4) -> Answer {
    var counts = ConfusionMatrix(classes: 3)
    counts.add(prediction: labels, truth: Self.sky, ignoreIndex: 255)
    return Answer(
      outputStride: stride, labels: labels, certainty: nil, logits: nil,
      frame: InputFrame(width: 33, height: 33),
      counts: counts, milliseconds: 1)
  }

  /// What the engine tells of an image that is opened.
  private func opened(_ entry: Int, _ labels: LabelMap = predicted) -> [ExplorerEvent] {
    [
      .decoded(entry: entry, picture: ExplorerFixture.picture, truth: Self.sky, note: nil),
      .answered(entry: entry, slot: 0, answer(labels)),
    ]
  }

  /// A prediction in which only the lowest `count` pixels of the first column are road.
  private func column(_ count: Int) -> LabelMap {
    var labels = Self.sky
    for y in 0..<count { labels.values[8 * (5 - y)] = 1 }
    return labels
  }

  /// Image 0 is open, and 1 and 3 are worked out ahead: they have 6, 2 and 5 pixels of sky taken for road, 2 has none.
  private func seen(_ keys: String = "") -> ExplorerState {
    let ahead = [(1, column(2)), (2, Self.sky), (3, column(5))].map { entry, labels in
      ExplorerEvent.learnt(
        entry: entry, Gallery.Facts(),
        counts: [SlotCounts(confusion: answer(labels).counts.map(ImageConfusion.init))])
    }
    return ExplorerFixture.after(
      ExplorerFixture.state(), opened(0) + ahead + ExplorerFixture.keys(keys)
    ).state
  }

  private func after(_ state: ExplorerState, _ keys: String, _ events: [ExplorerEvent] = [])
    -> ExplorerState
  {
    ExplorerFixture.after(state, ExplorerFixture.keys(keys) + events).state
  }

  private func text(_ state: ExplorerState) -> String {
    ExplorerScreen.draw(state, PaneRasters()).picture
  }

  @Test func opensAtTheLargestErrorAndMoves() {
    var state = seen("E")
    #expect(state.confusion == Self.road)
    state = after(state, "lllljk")
    #expect(state.confusion == Confusion(truth: 0, prediction: 2))
    state = after(state, "jjjjhhhh")
    #expect(state.confusion == Confusion(truth: 2, prediction: 0))
    #expect(after(state, "<Esc>").confusion == nil)
    #expect(after(state, "E").confusion == nil)
  }

  @Test func withoutCountsItSaysWhy() {
    let state = after(ExplorerFixture.state(), "E")
    #expect(state.confusion == nil)
    #expect(state.message?.isError == true)
  }

  /// Images count once, whether they were opened, worked out ahead or both.
  @Test func theSelectedPairIsToldInWords() {
    var state = after(seen(), "E", opened(0))
    state =
      ExplorerFixture.after(
        state,
        [
          .learnt(
            entry: 0, Gallery.Facts(),
            counts: [SlotCounts(confusion: answer(Self.predicted).counts.map(ImageConfusion.init))])
        ]
      ).state
    // 13 of 4 · 48 pixels.
    #expect(
      state.confusionWords(Self.road)
        == "sky is taken for road: 6.8 % of sky, 13 pixels in 3 images")
    #expect(state.confusionWords(.init(truth: 1, prediction: 0)) == "road is true nowhere so far")
    #expect(text(state).contains("sky is taken for road: 6.8 %"))
    #expect(text(state).contains("4 of 5 images"))
  }

  @Test func aPairWithoutPixelsOpensNothing() {
    let state = after(seen(), "Ejj<Enter>")
    #expect(state.walk == nil && state.confusion != nil)
    #expect(state.message != nil)
  }

  /// The list holds the images with the confusion, most pixels first, and the largest blob is in the middle.
  @Test func enterOpensTheImagesByPixels() {
    let state = seen("E<Enter>")
    #expect(state.gallery.listed == [0, 3, 1])
    #expect(state.confusion == nil)
    #expect(state.walk?.blobs?.map(\.pixels) == [4, 2])
    #expect(state.walk?.blob?.columns == 1..<3)
    #expect(state.walk?.blob?.rows == 1..<3)
    #expect(state.cursor == .init(x: 2, y: 2))
    #expect(text(state).contains("n next blob  N before  Esc matrix"))
    #expect(text(state).contains("blob 1 of 2, 4 px"))
    #expect(text(state).contains("sky → road"))
  }

  /// `n` goes from blob to blob and on to the next image, `N` back to the last blob of the image before.
  @Test func stepsFromBlobToBlob() {
    var state = after(seen("E<Enter>"), "n")
    #expect(state.cursor == .init(x: 6, y: 5))
    #expect(state.gallery.selected == 0)
    let (next, effects) = ExplorerFixture.after(state, ExplorerFixture.keys("n"))
    #expect(next.gallery.selected == 3)
    guard case .show(3, _, _) = effects.first else {
      Issue.record("image 3 was not asked for")
      return
    }
    #expect(next.walk?.blobs == nil)
    // A coarse answer is no reason to stop at its blobs.
    state =
      ExplorerFixture.after(
        next,
        [.answered(entry: 3, slot: 0, answer(Self.predicted, stride: 32))] + opened(3, column(5))
      ).state
    #expect(state.walk?.blobs?.map(\.pixels) == [5])
    #expect(state.cursor == .init(x: 0, y: 3))
    state = after(state, "N", opened(0))
    #expect(state.gallery.selected == 0)
    #expect(state.walk?.place == 1)
    state = after(state, "NN")
    #expect(state.walk?.place == 0)
    #expect(state.message?.text == "this is the first blob")
    state = after(state, "<End>", opened(1, column(2)))
    #expect(state.gallery.selected == 1)
    #expect(after(state, "n").message?.text == "this is the last blob")
  }

  /// Esc leads back to the matrix, to the whole list and to the view as it was; n is the next image again.
  @Test func escComesBack() {
    var state = after(seen("++"), "E<Enter>n<Esc>")
    #expect(state.confusion == Self.road)
    #expect(state.walk == nil)
    #expect(state.gallery.listed.count == 5)
    #expect(abs(state.viewport.zoom - 2.25) < 1e-9)
    #expect(state.cursor == nil)
    state = after(state, "<Esc>n")
    #expect(state.gallery.selected == 1)
  }

  /// The filter of before comes back, and with it an image that it lists.
  @Test func escBringsTheFilterBack() {
    let walking = seen("/a0<Enter>E<Enter>nn")
    #expect(walking.gallery.selected == 3 && walking.gallery.listed == [0, 3, 1])
    let (state, effects) = ExplorerFixture.after(walking, ExplorerFixture.keys("<Esc>"))
    #expect(state.walk == nil && state.confusion == Self.road)
    #expect(state.gallery.filter == "a0" && state.gallery.listed == [0])
    #expect(state.gallery.selected == 0 && state.shown.entry == 0)
    #expect(effects.contains { if case .show(0, _, _) = $0 { true } else { false } })
  }

  /// The cursor of before may lie outside the image that is open now.
  @Test func escLeavesNoCursorOutsideThePicture() {
    var state = seen()
    state.cursor = .init(x: 7, y: 5)
    #expect(after(state, "E<Enter>n<Esc>").cursor == .init(x: 7, y: 5))
    let small = ExplorerEvent.decoded(
      entry: 3, picture: Picture(width: 4, height: 3), truth: nil, note: nil)
    state = after(state, "E<Enter>nn", [small])
    #expect(state.shown.entry == 3)
    #expect(after(state, "<Esc>").cursor == nil)
  }

  /// A newer checkpoint's blobs take the place of the older one's, and the matrix has the rows that are left.
  @Test func aNewerModelHasItsOwnBlobs() {
    let walking = seen("E<Enter>n")
    #expect(walking.walk?.place == 1)
    let replaced = after(walking, "", [.replaced(slot: 0, message: "step 2")])
    #expect(replaced.walk?.blobs == nil)
    let again = after(
      replaced, "",
      [.decoded(entry: 0, picture: ExplorerFixture.picture, truth: Self.sky, note: nil)])
    #expect(again.walk?.blobs == nil)
    let answered = after(again, "", [.answered(entry: 0, slot: 0, answer(column(5)))])
    #expect(answered.walk?.blobs?.map(\.pixels) == [5] && answered.walk?.place == 0)
    var matrix = seen("E")
    matrix.confusion = Confusion(truth: 3, prediction: 3)
    #expect(
      after(matrix, "", [.replaced(slot: 0, message: "step 2")]).confusion
        == Confusion(truth: 2, prediction: 2))
  }

  /// Images of void alone have no mean and stand with those of which nothing is known, whatever is compared.
  @Test(arguments: [(["a"], "s"), (["a", "b"], "ss")])
  func imagesWithoutAMeanComeLast(slots: [String], keys: String) {
    let means: [Double?] = [Double.nan, 40, nil, 20, Double.nan]
    let facts = means.enumerated().map { entry, mean in
      var facts = Gallery.Facts()
      facts.meanIoU = slots.count == 1 ? [mean] : [mean, 50]
      return ExplorerEvent.learnt(entry: entry, facts, counts: [])
    }
    let state = ExplorerFixture.after(
      ExplorerFixture.state(slots: slots), facts + ExplorerFixture.keys(keys)
    ).state
    #expect(state.gallery.listed == [3, 1, 0, 2, 4])
  }

  /// Void belongs to no blob, and a value that is no class to that of K.
  @Test func blobsAreOfExactlyThatConfusion() {
    let truth = LabelMap(width: 5, height: 1, values: [0, 255, 0, 7, 1])
    let prediction = LabelMap(width: 5, height: 1, values: [9, 9, 9, 9, 9])
    func pixels(_ truthClass: Int) -> [Int] {
      Blob.all(
        of: .init(truth: truthClass, prediction: 3), truth: truth, prediction: prediction,
        classes: 3, ignoreIndex: 255
      ).map(\.pixels)
    }
    #expect(pixels(0) == [1, 1])
    #expect(pixels(3) == [1])
    #expect(pixels(2).isEmpty)
  }

  /// A click selects, a click on what is selected opens; the wheel goes down the rows.
  @Test func theMouseChooses() throws {
    let state = seen("E")
    let rect = Layout(state).panes[0]
    let places = (0..<rect.height).flatMap { y in (0..<rect.width).map { ($0 + rect.x, y + rect.y) }
    }
    let place = try #require(
      places.first {
        ConfusionPanel.pair(state, column: $0.0, row: $0.1, in: rect)
          == Confusion(truth: 2, prediction: 1)
      })
    func mouse(_ action: MouseEvent.Action) -> ExplorerEvent {
      .terminal(.mouse(MouseEvent(action: action, column: place.0, row: place.1)))
    }
    let selected = ExplorerFixture.after(state, [mouse(.press(.left))]).state
    #expect(selected.confusion == Confusion(truth: 2, prediction: 1))
    #expect(
      ExplorerFixture.after(state, [mouse(.wheelDown)]).state.confusion
        == Confusion(truth: 1, prediction: 1))
    #expect(ExplorerFixture.after(selected, [mouse(.press(.left))]).state.message != nil)
  }

  /// `e` writes the matrix while it is open.
  @Test func theMatrixIsExported() {
    let (_, effects) = ExplorerFixture.after(seen("E"), ExplorerFixture.keys("e"))
    guard case .export(let request) = effects.first else {
      Issue.record("nothing was exported")
      return
    }
    #expect(request.path == "hfgd.confusion.png")
    #expect(request.sheet.title == "hfgd, 4 images")
  }

  /// Every size is drawn, with the matrix and with a blob, in every view.
  @Test(arguments: [(1, 1), (20, 5), (40, 12), (80, 24), (160, 48)])
  func everySizeIsDrawn(columns: Int, rows: Int) {
    for keys in ["E", "E<Enter>", "E<Enter>3", "E<Enter>4cc"] {
      var state = seen(keys)
      (state.columns, state.rows) = (columns, rows)
      let grid = ExplorerScreen.draw(state, PaneRasters())
      #expect((grid.width, grid.height) == (columns, rows))
    }
  }

  /// Two models: by the difference of their mIoU on the image, whichever is better.
  @Test func sortsByTheDifferenceOfTwoModels() {
    let differences: [Double?] = [1, -4, nil, 2.5, 0]
    let facts = differences.enumerated().map { entry, difference in
      var facts = Gallery.Facts()
      facts.meanIoU = [difference.map { 50 + $0 }, difference == nil ? nil : 50]
      return ExplorerEvent.learnt(entry: entry, facts, counts: [])
    }
    let state = ExplorerFixture.after(
      ExplorerFixture.state(slots: ["a", "b"]), facts + ExplorerFixture.keys("ss")
    ).state
    #expect(state.gallery.sort == .delta)
    #expect(state.gallery.listed == [1, 3, 0, 4, 2])
    #expect(text(state).contains("-4.0") && text(state).contains("+2.5"))
    #expect(after(ExplorerFixture.state(), "ss").gallery.sort == .entropy)
  }
}
