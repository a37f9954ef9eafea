import Core
import Testing
import Viz

@testable import TUI

@Suite("Panes")
struct PaneTests {
  private func ready(_ state: ExplorerState, _ keys: String = "") -> ExplorerState {
    var events: [ExplorerEvent] = [
      .decoded(entry: 0, picture: ExplorerFixture.picture, truth: ExplorerFixture.truth, note: nil)
    ]
    events += state.slots.indices.map {
      .answered(entry: 0, slot: $0, ExplorerFixture.answer(UInt16($0) + 1))
    }
    return ExplorerFixture.after(state, events + ExplorerFixture.keys(keys)).state
  }

  private func screen(_ state: ExplorerState, _ rasters: PaneRasters = PaneRasters()) -> CellGrid {
    ExplorerScreen.draw(state, rasters)
  }

  /// The colours of the middle of a pane's part of the screen.
  private func colours(_ grid: CellGrid, in rect: Rect) -> Set<RGB> {
    var colours: Set<RGB> = []
    for y in rect.y..<rect.maxY {
      for x in rect.x..<rect.maxX {
        colours.formUnion([grid[x, y].background, grid[x, y].foreground].compactMap { $0 })
      }
    }
    return colours
  }

  private let sky = ExplorerFixture.classes.palette[0]
  private let road = ExplorerFixture.classes.palette[1]

  // MARK: - A model alone

  /// One model is compared with the truth: beside it, over it and after it.
  @Test func aModelAloneIsComparedWithTheTruth() {
    let beside = ready(ExplorerFixture.state(), "3c")
    #expect(beside.comparison == .sideBySide)
    let layout = Layout(beside)
    #expect(layout.panes.count == 2)
    #expect(colours(screen(beside), in: layout.panes[0]) == [road])
    #expect(colours(screen(beside), in: layout.panes[1]) == [sky, road])
    #expect(beside.caption(of: 1) == "truth")

    let wiped = ExplorerFixture.after(beside, ExplorerFixture.keys("c")).state
    #expect(wiped.comparison == .wipe)
    #expect(Layout(wiped).divider != nil)

    var blinking = ExplorerFixture.after(wiped, ExplorerFixture.keys("c")).state
    #expect(blinking.comparison == .blink)
    let pane = Layout(blinking).panes[0]
    #expect(colours(screen(blinking), in: pane) == [road])
    blinking = ExplorerFixture.after(blinking, Array(repeating: .tick, count: 6)).state
    #expect(colours(screen(blinking), in: pane) == [sky, road])
  }

  @Test func withoutLabelsTheOtherPaneShowsThePicture() {
    let state = ExplorerFixture.after(
      ExplorerFixture.state(hasLabels: false),
      [
        .decoded(entry: 0, picture: ExplorerFixture.picture, truth: nil, note: nil),
        .answered(entry: 0, slot: 0, ExplorerFixture.answer(1, against: nil)),
      ] + ExplorerFixture.keys("c")
    ).state
    #expect(state.caption(of: 1) == "image · no labels")
    #expect(colours(screen(state), in: Layout(state).panes[1]) == [RGB(100, 110, 120)])
  }

  /// The keys act on the pane that has the focus, also when both show one slot.
  @Test func eachPaneHasItsView() {
    let state = ready(ExplorerFixture.state(), "ct9")
    #expect(state.views == [.overlay, .contours])
    let back = ExplorerFixture.after(state, ExplorerFixture.keys("t3")).state
    #expect(back.views == [.prediction, .contours])
  }

  @Test func theBlinkingTimeIsChosen() {
    var state = ready(ExplorerFixture.state(), ":compare.rate 0.2<Enter>")
    #expect(state.blinkTicks == 2)
    #expect(state.message?.text == "blink: 0.2 s each")
    state = ExplorerFixture.after(state, [.tick, .tick]).state
    #expect(state.blinkPhase == 1)
    state = ExplorerFixture.after(state, ExplorerFixture.keys("bbbb")).state
    #expect(state.blinkTicks == 20)
    state = ExplorerFixture.after(state, ExplorerFixture.keys("b")).state
    #expect(state.blinkTicks == 3)
    state = ExplorerFixture.after(state, ExplorerFixture.keys(":compare.rate fast<Enter>")).state
    #expect(state.message?.isError == true)
    #expect(state.blinkTicks == 3)
  }

  // MARK: - The mouse

  private func mouse(_ action: MouseEvent.Action, _ column: Int, _ row: Int) -> ExplorerEvent {
    .terminal(.mouse(MouseEvent(action: action, column: column, row: row)))
  }

  /// The divider stays in the hand however fast the mouse is, beside and stacked, and is let go with the button.
  @Test(arguments: [(160, 20), (70, 60)])
  func theDividerIsDragged(columns: Int, rows: Int) throws {
    let state = ready(
      ExplorerFixture.state(slots: ["hfgd", "sfpn"], columns: columns, rows: rows))
    let layout = Layout(state)
    let divider = try #require(layout.divider)
    let isStacked = divider.height == 1
    #expect(isStacked == (columns == 70))
    let target =
      isStacked
      ? (divider.x + 5, layout.pictures.y + layout.pictures.height / 4)
      : (layout.pictures.x + layout.pictures.width / 4, divider.y + 5)
    let dragged = ExplorerFixture.after(
      state,
      [
        mouse(.press(.left), divider.x, divider.y), mouse(.drag(.left), target.0, target.1),
        mouse(.release(.left), target.0, target.1), mouse(.drag(.left), divider.x, divider.y),
      ]
    ).state
    #expect(abs(dragged.divider - 0.25) < 0.05)
    let moved = try #require(Layout(dragged).divider)
    #expect(abs(isStacked ? moved.y - target.1 : moved.x - target.0) <= 1)
    #expect(!dragged.viewport.isZoomed)
    let keyed = ExplorerFixture.after(state, ExplorerFixture.keys(">>")).state
    #expect(keyed.divider > state.divider)
  }

  /// A zoomed picture follows the mouse: the pixel that was taken stays under it.
  @Test func thePictureIsDragged() {
    let state = ready(ExplorerFixture.state(columns: 100, rows: 30), "++++")
    let pane = Layout(state).panes[0]
    let (x, y) = (pane.x + pane.width / 2, pane.y + pane.height / 2)
    let dragged = ExplorerFixture.after(
      state, [mouse(.press(.left), x, y), mouse(.drag(.left), x + 6, y + 2)]
    ).state
    #expect(dragged.viewport.centreX < state.viewport.centreX)
    func place(_ state: ExplorerState, _ column: Int, _ row: Int) -> (x: Double, y: Double) {
      state.viewport.placement(width: 8, height: 6, columns: pane.width, rows: pane.height)
        .pixel(column: column - pane.x, row: row - pane.y)
    }
    #expect(abs(place(state, x, y).x - place(dragged, x + 6, y + 2).x) < 1e-9)
    #expect(abs(place(state, x, y).y - place(dragged, x + 6, y + 2).y) < 1e-9)
  }

  // MARK: - Highlighting

  /// The class under the cursor keeps its colour and the others are dimmed, until following is switched off.
  @Test func theClassUnderTheCursorStandsOut() {
    var state = ready(ExplorerFixture.state(), "4<Enter>")
    let pane = Layout(state).panes[0]
    #expect(colours(screen(state), in: pane) == [sky, road])
    state.cursor = ExplorerState.PixelPoint(x: 7, y: 5)
    // The answer calls everything road, so the truth's road stands out and its sky is dimmed.
    let middle = (x: pane.x + pane.width / 2, y: pane.y + pane.height / 2)
    let (left, right, row) = (middle.x - 4, middle.x + 4, middle.y)
    let lit = screen(state)
    #expect(lit[left, row].background == RGB(54, 84, 153))
    #expect(lit[right, row].background == road)
    state = ExplorerFixture.after(state, ExplorerFixture.keys("F")).state
    #expect(screen(state)[left, row].background == sky)
  }

  /// Letters have no halves: those of the class are bold and the others faint.
  @Test func lettersStandOutByStyle() {
    var state = ready(ExplorerFixture.state(), "4")
    state.glyphs = .letters
    state.focus = .classes
    state.classPanel.selected = 0
    let grid = screen(state)
    let pane = Layout(state).panes[0]
    let (x, y) = (pane.x + pane.width / 2, pane.y + pane.height / 2)
    #expect(grid[x - 5, y].glyph == "S" && grid[x - 5, y].style == .bold)
    #expect(grid[x + 5, y].glyph == "R" && grid[x + 5, y].style == .dim)
  }

  /// Colours that stand for values are left as they are under the cursor.
  @Test(arguments: ["5", "6"])
  func mapsAreNotDimmed(key: String) {
    var state = ready(ExplorerFixture.state(), key)
    let before = colours(screen(state), in: Layout(state).panes[0])
    state.cursor = ExplorerState.PixelPoint(x: 2, y: 2)
    let after = colours(screen(state), in: Layout(state).panes[0])
    #expect(after.isSuperset(of: before))
  }

  @Test func thePanelsClassStandsOutWhileThePanelHasTheKeys() {
    var state = ready(ExplorerFixture.state(), "4")
    state.focus = .classes
    state.classPanel.selected = 0
    let pane = Layout(state).panes[0]
    let lit = colours(screen(state), in: pane)
    #expect(lit.contains(sky))
    #expect(!lit.contains(road))
  }

  // MARK: - Colours

  /// Pictures that are remembered change with the palette, and the classes panel with them.
  @Test(arguments: [PaneView.overlay, .prediction, .truth, .contours, .errors, .hits])
  func thePaletteChangesEverywhere(view: PaneView) throws {
    var state = ready(ExplorerFixture.state())
    state.views[0] = view
    state.classPanel.selected = 1
    let rasters = PaneRasters()
    let (usual, pane) = (screen(state, rasters), Layout(state).panes[0])
    state = ExplorerFixture.after(state, ExplorerFixture.keys("P")).state
    let safe = screen(state, rasters)
    if view != .contours { #expect(colours(usual, in: pane) != colours(safe, in: pane)) }
    let panel = Layout(state).classes
    #expect(colours(safe, in: panel).contains(state.classes.palette[1]))
    #expect(!colours(safe, in: panel).contains(road))
    state = ExplorerFixture.after(state, ExplorerFixture.keys("P")).state
    state.message = nil
    #expect(screen(state, rasters) == usual)
  }

  /// A newer checkpoint's answer is drawn, though it is of the same image at the same stride.
  @Test(arguments: ["3", "2", "5"])
  func aNewAnswerIsDrawn(key: String) throws {
    var state = ready(ExplorerFixture.state(), key)
    let rasters = PaneRasters()
    let (pane, before) = (Layout(state).panes[0], screen(state, rasters))
    state =
      ExplorerFixture.after(
        state,
        [
          .replaced(slot: 0, message: "step 2"),
          .answered(entry: 0, slot: 0, ExplorerFixture.answer(0)),
        ]
      ).state
    let after = screen(state, rasters)
    #expect(after == screen(state))
    func middle(_ grid: CellGrid) -> [Cell] {
      let y = pane.y + pane.height / 2
      return (pane.x..<pane.maxX).map { grid[$0, y] }
    }
    #expect(middle(after) != middle(before))
  }

  // MARK: - The list

  /// The entries whose small pictures are asked for.
  private func wanted(_ effects: [ExplorerEffect]) -> [Int] {
    effects.flatMap { if case .thumbnails(let entries) = $0 { entries } else { [Int]() } }
  }

  /// Pictures are asked for whatever opens the sheet, once, and not for a list that is hidden.
  @Test func smallPicturesAreAskedForOnce() {
    let state = ExplorerFixture.state(images: 3, columns: 100, rows: 30)
    #expect(
      wanted(ExplorerFixture.after(state, ExplorerFixture.keys(":sheet<Enter>")).effects)
        == [0, 1, 2])
    #expect(wanted(ExplorerFixture.after(state, ExplorerFixture.keys("<Alt-l>i")).effects).isEmpty)
    // As at a start that takes up a place with an open sheet.
    var restored = state
    restored.isGridOpen = true
    let start = ExplorerFixture.after(restored, [.features(state.features)])
    #expect(wanted(start.effects) == [0, 1, 2])
    let going = ExplorerFixture.after(
      start.state,
      [.tick, .thumbnail(entry: 0, ExplorerFixture.picture), .thumbnail(entry: 1, nil), .tick])
    #expect(wanted(going.effects).isEmpty && going.state.askedThumbnails == [2])
    // One that was there and was forgotten is asked for again.
    var forgotten = going.state
    forgotten.thumbnails = [:]
    #expect(wanted(ExplorerFixture.after(forgotten, [.tick]).effects) == [0, 2])
  }

  /// The list asks for the pictures that it shows and no others, once they are wanted.
  @Test func theListAsksForWhatItShows() {
    let state = ExplorerFixture.state(images: 50, columns: 100, rows: 30)
    #expect(wanted(ExplorerFixture.after(state, ExplorerFixture.keys("n")).effects).isEmpty)
    let (open, effects) = ExplorerFixture.after(state, ExplorerFixture.keys("i"))
    let places = ListPanel.visiblePlaces(open, in: Layout(open).list)
    #expect(wanted(effects) == Array(places))
    #expect(4 * places.count <= Layout(open).list.height)
    let (end, more) = ExplorerFixture.after(open, ExplorerFixture.keys("<End>"))
    #expect(wanted(more).contains(49) && !wanted(more).contains(20))
    // A click on any of a row's lines opens its image.
    let list = Layout(end).list
    let first = ListPanel.visiblePlaces(end, in: list).lowerBound
    let clicked = ExplorerFixture.after(end, [mouse(.press(.left), 3, list.y + 1 + 4 + 2)]).state
    #expect(clicked.gallery.position == first + 1)
  }

  @Test func longNamesGoOnBesideTheirPicture() {
    var state = ExplorerFixture.state(images: 2, columns: 100, rows: 20)
    state.gallery = Gallery([ExplorerFixture.sample("0016E5_07959_L")])
    state.isListIllustrated = true
    state.thumbnails[0] = ExplorerFixture.picture
    let lines = screen(state).picture.split(separator: "\n", omittingEmptySubsequences: false)
    let list = Layout(state).list
    let room = list.width - 1 - 10 - 1
    #expect(lines[list.y + 1].dropFirst(10).hasPrefix("0016E5_07959_L".prefix(room)))
    #expect(lines[list.y + 2].dropFirst(10).hasPrefix("0016E5_07959_L".dropFirst(room)))
  }

  /// A click in the sheet opens the tile's image.
  @Test func theSheetIsClicked() {
    let state = ExplorerFixture.after(
      ExplorerFixture.state(images: 9, columns: 100, rows: 40), ExplorerFixture.keys("G")
    ).state
    let pane = Layout(state).panes[0]
    let clicked = ExplorerFixture.after(
      state,
      [
        mouse(
          .press(.left), pane.x + ThumbnailGrid.Page(state, in: pane).tile.columns + 3, pane.y + 4)
      ]
    ).state
    #expect(clicked.gallery.position == 1)
  }
}
