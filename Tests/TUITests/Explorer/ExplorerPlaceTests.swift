import Core
import TestSupport
import Testing

@testable import TUI

@Suite("Explorer place")
struct ExplorerPlaceTests {
  private func pair() -> ExplorerState { ExplorerFixture.state(slots: ["hfgd", "sfpn"]) }

  /// All that a start takes over comes back, through the text of the file.
  @Test func comesBackWhole() throws {
    let (left, _) = ExplorerFixture.after(
      pair(), ExplorerFixture.keys("nnm7tv++L<Tab>[[]ssXTggocc>C<Alt-l>"))
    var found = pair()
    found.restore(try JSON(left.place.text))
    #expect(found.place == left.place)
    #expect(found.gallery.current?.name == "a2")
    #expect(found.gallery.marks == ["a2"])
    #expect(found.views == left.views && found.views[0] == .confidence)
    #expect(found.viewport.zoom == 2.25 && left.viewport.centreX > 0.5)
    #expect(abs(found.viewport.centreX - left.viewport.centreX) < 1e-4)
    #expect(found.comparison == left.comparison && found.comparison != .sideBySide)
    #expect(found.classPanel == left.classPanel && found.classPanel.hidden == [0])
    #expect(found.gallery.sort == .delta)
    #expect(found.focusedPane == 1 && found.isListHidden && found.pinnedStride == 32)
    #expect((found.theme, found.glyphs) == (.light, .quad))
    #expect(found.message?.text.hasPrefix("continued at a2") == true)
  }

  /// Values that mean nothing leave what is there; the ones beside them count.
  @Test(arguments: [
    (#"{"image": "gone", "opacity": 0.25}"#, 0.25),
    (#"{"image": 7, "marks": {}, "views": ["nonsense", 3], "opacity": 2}"#, 0.55),
    (#"{"zoom": -1, "centre": [9, 9, 9], "divider": 40, "pane": 5, "stage": 3}"#, 0.55),
    (#"{"zoom": 3, "centre": [7, -7], "opacity": 0}"#, 0),
    (#"{"focus": "moon", "comparison": 1, "theme": "pink", "glyphs": null, "class": "x"}"#, 0.55),
    ("[1, 2]", 0.55), ("null", 0.55),
  ])
  func takesWhatMakesSense(text: String, opacity: Double) throws {
    var state = pair()
    state.restore(try JSON(text))
    #expect(state.opacity == opacity)
    #expect(state.gallery.selected == 0 && state.message == nil)
    #expect(state.views == [.overlay, .overlay] && state.comparison == .sideBySide)
    #expect((state.divider, state.focusedPane, state.pinnedStride) == (0.5, 0, nil))
    #expect(0...1 ~= state.viewport.centreX && 0...1 ~= state.viewport.centreY)
    #expect((state.themeChoice, state.glyphs, state.focus) == (.auto, .blocks, .list))
  }

  /// One model is compared with the truth, but has no other to differ from.
  @Test func oneModelHasNoDifference() throws {
    var state = ExplorerFixture.state()
    let views = state.views
    state.restore(try JSON(#"{"comparison": "wipe", "views": ["difference"], "pane": 1}"#))
    #expect(state.comparison == .wipe && state.views == views && state.focusedPane == 1)
  }

  /// A theme that follows the terminal follows the next one too, and a poor screen's glyphs stay on it.
  @Test func keepsOnlyWhatWasChosen() {
    var state = pair()
    state.features = TerminalFeatures(
      depth: .none, glyphs: [.blocks], background: RGB(255, 255, 255), cellPixels: nil)
    let (after, _) = ExplorerFixture.after(state, [.features(state.features)])
    #expect(after.theme == .light && after.glyphs == .letters)
    #expect(after.place["theme"] == nil && after.place["glyphs"] == nil)
    let (next, _) = ExplorerFixture.after(after, ExplorerFixture.keys("g"))
    #expect(next.glyphs == .ascii)
  }

  /// Folders do not disturb one another; a damaged file is as good as none.
  @Test func foldersAreKeptApart() throws {
    let folder = TemporaryFolder()
    let environment = ["XDG_STATE_HOME": folder.path("state")]
    let (one, two) = (
      ExplorerMemory(folder: "/data/one", environment: environment),
      ExplorerMemory(folder: "/data/two/", environment: environment)
    )
    let file = folder.path("state/hfgd/explorer.json")
    var (state, _) = ExplorerFixture.after(pair(), ExplorerFixture.keys("n"))
    try one.save(state)
    (state, _) = ExplorerFixture.after(state, ExplorerFixture.keys("n"))
    try two.save(state)
    for (memory, image) in [(one, "a1"), (two, "a2")] {
      var found = pair()
      memory.restore(&found)
      #expect(found.gallery.current?.name == image)
    }
    for damage in ["", "{\"/data/one\": {\"image\": \"a1\"", "[]", "{\"/data/one\": 3}"] {
      try AtomicFile.write(Array(damage.utf8), to: file)
      var found = pair()
      one.restore(&found)
      #expect(found.gallery.selected == 0)
      try one.save(state)
      one.restore(&found)
      #expect(found.gallery.current?.name == "a2")
    }
  }
}
