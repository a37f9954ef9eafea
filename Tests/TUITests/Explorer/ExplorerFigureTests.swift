import Core
import Foundation
import Testing

@testable import TUI

/// `:figure`: a contact sheet of the marked images.
@Suite("Explorer figure")
struct ExplorerFigureTests {
  private func asked(_ line: String, _ before: [ExplorerEvent] = [])
    -> (state: ExplorerState, effects: [ExplorerEffect])
  {
    ExplorerFixture.after(
      ExplorerFixture.state(slots: ["hfgd", "sfpn"]),
      before + ExplorerFixture.keys(":figure\(line)<Enter>"))
  }

  private func request(_ effects: [ExplorerEffect]) -> FigureRequest? {
    for case .figure(let request) in effects { return request }
    return nil
  }

  @Test func asksForTheMarkedImagesOrTheOpenOne() throws {
    let open = try #require(request(asked(" f.png").effects))
    #expect(open.entries == [0] && open.path == "f.png")
    #expect(open.sheet.models == ["hfgd OS 4", "sfpn OS 4"])
    let one = asked("", ExplorerFixture.keys("nm"))
    #expect(request(one.effects)?.entries == [1])
    #expect(one.state.exportPath == "a1.figure.png")
    let two = asked(" out/", ExplorerFixture.keys("nmnm"))
    #expect(request(two.effects)?.entries == [1, 2])
    #expect(two.state.exportPath == "out/marked.figure.png")
  }

  @Test func tellsHowFarItIsAndIsGivenUpByEsc() {
    let state = ExplorerFixture.after(
      asked(" f.png", ExplorerFixture.keys("nmnm")).state, [.composed(done: 1, total: 2)]
    ).state
    #expect(
      ExplorerScreen.draw(state, PaneRasters()).picture.contains("writing f.png, Esc cancels 1/2"))
    let again = ExplorerFixture.after(state, ExplorerFixture.keys(":figure g.png<Enter>"))
    #expect(request(again.effects) == nil && again.state.message?.isError == true)
    let cancelled = ExplorerFixture.after(again.state, ExplorerFixture.keys("<Esc>"))
    #expect(cancelled.state.exportPath == nil && cancelled.state.exportProgress == nil)
    // What was posted before must not bring the figure back.
    let late = ExplorerFixture.after(cancelled.state, [.composed(done: 2, total: 2)]).state
    #expect(late.exportProgress == nil)
  }

  @Test func refusesOtherFiles() {
    let refused = asked(" f.gif")
    #expect(request(refused.effects) == nil && refused.state.message?.isError == true)
  }

  private static let pty = "/usr/bin/script"

  /// A script marks two images and writes their sheet, which has the size of two rows.
  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: pty), "needs util-linux's script"))
  func writesTheSheet() throws {
    let program = Program()
    try program.makePicture("in/a.png", width: 330, height: 200)
    try program.makePicture("in/b.png", width: 330, height: 200)
    try "wait\nlist.mark\nimage.next\nlist.mark\nfigure f.png\nwait\nkey q\n".write(
      toFile: program.path("session"), atomically: true, encoding: .utf8)
    let outcome = try program.shell(
      "TERM=xterm-256color COLORTERM=truecolor \(Self.pty) -qec \"stty cols 100 rows 30; exec $HFGD explore fcn-mobilenet_v2 --random 1 --data in --script session\" /dev/null"
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    let picture = try ImageFile.readPicture(at: program.path("f.png"))
    #expect(picture.width > 2 * 330 && picture.width < 3 * 330 && picture.height > 2 * 200)
  }
}
