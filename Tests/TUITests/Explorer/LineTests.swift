import Core
import Testing
import Viz

@testable import TUI

@Suite("Explorer and the line")
struct LineTests {
  /// What has been measured of a line that takes `speed` bytes a second.
  private func traffic(_ speed: Double) -> Traffic {
    var traffic = Traffic()
    traffic.countAnswer(bytes: 0, after: .zero)
    traffic.countFrame(bytes: 13_140, time: .milliseconds(3))
    traffic.countAnswer(bytes: 100_000, after: .seconds(100_000 / speed))
    return traffic
  }

  private func after(_ state: ExplorerState, _ speeds: Double...) -> ExplorerState {
    ExplorerFixture.after(state, speeds.map { .measured(traffic($0)) }).state
  }

  /// 160×50 cells at about 27 bytes each take 0.15 s at 1.4 MB/s and 0.4 s at 540 kB/s.
  @Test func coloursAreRoundedOnSlowLines() {
    let state = ExplorerFixture.state(columns: 160, rows: 50)
    #expect(state.colourBits == 8)
    #expect(after(state, 5e6).colourBits == 8)
    #expect(after(state, 1e6).colourBits == 6)
    #expect(after(state, 1e5).colourBits == 5)
    #expect(after(state, 1e6, 2e6).colourBits == 6, "a little faster changes nothing")
    #expect(after(state, 1e5, 8e5).colourBits == 5)
    #expect(after(state, 1e5, 2e6).colourBits == 6)
    #expect(after(state, 1e5, 5e6).colourBits == 8)
    var exact = state
    exact.roundsColours = false
    #expect(after(exact, 1e5).colourBits == 8)
  }

  /// Pictures lose bits, the palette's colours of a prediction do not.
  @Test func labelMapsStayExact() {
    func colours(_ view: PaneView) -> Set<RGB> {
      var (state, _) = ExplorerFixture.after(
        ExplorerFixture.state(),
        [
          .decoded(entry: 0, picture: ExplorerFixture.picture, truth: nil, note: nil),
          .answered(entry: 0, slot: 0, ExplorerFixture.answer(1)),
        ])
      state.views = [view]
      state.colourBits = 5
      let grid = ExplorerScreen.draw(state, PaneRasters())
      let pane = Layout(state).panes[0]
      return Set(
        (pane.y..<pane.maxY).flatMap { y in
          (pane.x..<pane.maxX).compactMap { grid[$0, y].background }
        })
    }
    #expect(colours(.prediction) == [ExplorerFixture.classes.palette[1]])
    #expect(colours(.image) == [RGB(99, 107, 123)])
  }

  /// Those of the list lose bits, too.
  @Test func smallPicturesAreRounded() {
    var state = ExplorerFixture.state(images: 1)
    state.isListIllustrated = true
    state.thumbnails[0] = ExplorerFixture.picture
    state.colourBits = 5
    let grid = ExplorerScreen.draw(state, PaneRasters())
    let list = Layout(state).list
    let colours = Set(
      (list.y..<list.maxY).flatMap { y in
        (list.x..<list.maxX).compactMap { grid[$0, y].background }
      })
    #expect(colours.contains(RGB(99, 107, 123)) && !colours.contains(RGB(100, 110, 120)))
  }

  @Test func theMeterTells() {
    let state = after(ExplorerFixture.state(columns: 120), 2e6)
    let (on, _) = ExplorerFixture.after(state, ExplorerFixture.keys("<Ctrl-t>"))
    let header = { (state: ExplorerState) in
      ExplorerScreen.draw(state, PaneRasters()).picture.prefix(130)
    }
    #expect(!header(state).contains("⇅"))
    #expect(header(on).contains("⇅ 13.1 kB  2.00 MB/s  0.0 ms away"))
    #expect(header(after(on, 1e5)).contains("colours rounded to 5 bits"))
  }

  /// With 256 colours a picture has none but the palette's, and a class map keeps its own for the screen to match.
  @Test(arguments: [ColourDepth.palette256, .sixteen])
  func picturesAreDithered(depth: ColourDepth) {
    var state = ExplorerFixture.state()
    state.features.depth = depth
    let palette = depth == .sixteen ? TerminalPalette.ansi16 : .xterm240
    let cells = ExplorerFixture.picture.cells(columns: 8, rows: 3).suited(to: state)
    for y in 0..<cells.height {
      for cell in cells.row(y) {
        for colour in [cell.foreground, cell.background].compactMap({ $0 }) {
          #expect(palette.colours.contains(colour))
        }
      }
    }
  }
}
