import Core
import Testing
import Viz

@testable import TUI

@Suite("Explorer screen")
struct ExplorerScreenTests {
  /// A state whose first image has been read and answered.
  private func ready(_ state: ExplorerState, _ keys: String = "") -> ExplorerState {
    ExplorerFixture.after(
      state,
      [
        .decoded(
          entry: 0, picture: ExplorerFixture.picture, truth: ExplorerFixture.truth, note: nil),
        .answered(entry: 0, slot: 0, ExplorerFixture.answer(1)),
      ] + ExplorerFixture.keys(keys)
    ).state
  }

  private func lines(_ state: ExplorerState) -> [String] {
    ExplorerScreen.draw(state, PaneRasters()).picture.split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
  }

  /// Text of the screen at 72×12, picture cells as blanks: header, list, title, inspector, hints.
  @Test func golden() {
    let screen = lines(
      ready(ExplorerFixture.state(images: 3, columns: 72, rows: 12), "<Enter>l"))
    #expect(screen[0].hasPrefix(" hfgd 1/3 ▸ a0"))
    #expect(screen[0].hasSuffix("OS 4  12 ms  mIoU 25.0"))
    #expect(screen[1] == " images       name │ hfgd · overlay · OS 4")
    #expect(screen[2].hasPrefix("▸a0             "))
    #expect(screen[3].hasPrefix(" a1                │"))
    #expect(screen[10].hasPrefix(" (3,2)  truth sky  hfgd ▆road .67 ▂car .24 ▁sky .09"))
    #expect(screen[11].hasPrefix(" ? help  ←↓↑→ cursor  +- zoom"))
  }

  @Test func tooSmallSaysSo() {
    let screen = lines(ExplorerFixture.state(columns: 19, rows: 5))
    #expect(screen[2].contains("too small"))
    #expect(screen.filter { !$0.isEmpty }.count == 1)
  }

  /// Every size from one cell up draws a grid of exactly that size, in every view and comparison.
  @Test(arguments: PaneView.allCases)
  func everySizeIsDrawn(view: PaneView) {
    var state = ready(ExplorerFixture.state(slots: ["hfgd", "sfpn"]))
    state.views = [view, view]
    for comparison in Comparison.allCases {
      state.comparison = comparison
      for (columns, rows) in [(1, 1), (20, 5), (40, 12), (63, 9), (80, 24), (97, 31), (300, 90)] {
        (state.columns, state.rows) = (columns, rows)
        let grid = ExplorerScreen.draw(state, PaneRasters())
        #expect((grid.width, grid.height) == (columns, rows))
      }
    }
  }

  /// A prediction's cells hold no colour but the palette's.
  @Test func predictionKeepsThePalettesColours() {
    var state = ready(ExplorerFixture.state(), "3")
    state.glyphs = .blocks
    let grid = ExplorerScreen.draw(state, PaneRasters())
    let pane = Layout(state).panes[0]
    let palette = Set(ExplorerFixture.classes.palette)
    var colours: Set<RGB> = []
    for y in pane.y..<pane.maxY {
      for x in pane.x..<pane.maxX {
        colours.formUnion([grid[x, y].foreground, grid[x, y].background].compactMap { $0 })
      }
    }
    #expect(colours.isSubset(of: palette))
    #expect(colours.contains(palette.first { $0 == RGB(120, 110, 120) } ?? RGB(0, 0, 0)))
  }
}
