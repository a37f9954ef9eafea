import Core
import Foundation
import Glibc
import TestSupport
import Testing

@testable import TUI

/// The explorer's screen comes and goes: sizes, stops, ends, and terminals that it cannot have.
@Suite(
  "Leaving session", .serialized,
  .enabled(if: TmuxSession.isInstalled, "needs tmux"))
struct LeavingSessionTests {
  /// 200 sizes from 10×3 to 250×80 with keys in between; every tenth is waited for and has to fill its screen.
  @Test func twoHundredSizes() throws {
    let session = ExplorerSession()
    try session.makePictures(5)
    session.start("hfgd-mobilenet_v2-os4 fcn-mobilenet_v2 --random 1 --data in")
    var random = SeededRandom(seed: 5)
    let keys = [
      "n", "p", "c", "v", "+", "-", "f", "G", "Tab", "Right", "?", "Enter", "g", "o", "t",
    ]
    for step in 0..<200 {
      let size = (columns: 10 + Int(random.next() % 241), rows: 3 + Int(random.next() % 78))
      session.terminal.resize(columns: size.columns, rows: size.rows)
      session.terminal.press(keys[Int(random.next() % UInt64(keys.count))])
      guard step % 10 == 9 else { continue }
      let isTooSmall = size.columns < 20 || size.rows < 5
      #expect(
        session.terminal.waitUntil {
          if isTooSmall { return session.terminal.screen.contains("too small") }
          // The first and the last line are bars from edge to edge.
          let cells = session.terminal.cells
          return [cells.first, cells.dropFirst(size.rows - 1).first].allSatisfy { bar in
            bar?.count == size.columns && bar?.last?.background.isEmpty == false
          }
        }, "\(size): \(session.terminal.screen)")
      session.terminal.press("Escape")
    }
    session.terminal.resize(columns: 10, rows: 3)
    #expect(session.shows("too small"))
    session.terminal.resize(columns: 100, rows: 30)
    #expect(session.isSettled("/5 ", "img-"))
    session.terminal.press("C-c")
    #expect(session.shows("status 0"))
    session.terminal.expectCleanTerminal()
  }

  /// Ctrl-Z gives the shell its terminal; `fg` brings the same cells back.
  @Test func stopAndContinue() throws {
    let session = ExplorerSession()
    try session.makePictures(2)
    session.start()
    #expect(session.terminal.wait { $0.contains("help") && $0.contains("·") })
    session.terminal.press("3")
    #expect(session.shows("prediction"))
    let cells = session.settledCells
    for _ in 0..<2 {
      session.terminal.press("C-z")
      #expect(session.terminal.waitUntil { session.terminal.variable("alternate_on") == "0" })
      #expect(session.terminal.variable("mouse_any_flag") == "0")
      #expect(session.terminal.variable("cursor_flag") == "1")
      session.terminal.type("clear; echo in the shell")
      #expect(session.shows("in the shell"))
      session.terminal.type("fg; echo status $?")
      #expect(session.terminal.waitUntil { session.terminal.cells == cells })
      #expect(session.terminal.variable("mouse_any_flag") == "1")
    }
    try session.quit()
  }

  /// A size that changes while the program is stopped is the one it comes back with.
  @Test func resizedWhileStopped() throws {
    let session = ExplorerSession()
    try session.makePictures(2)
    session.start()
    session.terminal.press("C-z")
    #expect(session.terminal.waitUntil { session.terminal.variable("alternate_on") == "0" })
    session.terminal.resize(columns: 70, rows: 20)
    session.terminal.type("fg; echo status $?")
    #expect(
      session.terminal.waitUntil {
        let cells = session.terminal.cells
        return cells.first?.count == 70 && cells[0].last?.background.isEmpty == false
          && cells.count >= 20 && cells[19].last?.background.isEmpty == false
      })
    try session.quit()
  }

  @Test func controlCIsAnOrderlyEnd() throws {
    let session = ExplorerSession()
    try session.makePictures(2)
    session.start()
    session.terminal.press("?")
    #expect(session.shows("commands"))
    session.terminal.press("C-c")
    #expect(session.shows("status 0"))
    session.terminal.expectCleanTerminal()
  }

  /// Ends from outside and crashes, in the middle of work; an orderly end keeps the place.
  @Test(arguments: [
    (SIGTERM, 130), (SIGHUP, 130), (SIGINT, 130), (SIGSEGV, 139), (SIGILL, 132), (SIGABRT, 134),
  ])
  func signals(_ signal: Int32, _ status: Int) throws {
    let session = ExplorerSession()
    try session.program.makePicture("in/img-01.png")
    try session.program.makePicture("in/img-02.png", width: 800, height: 600)
    session.start(environment: "SWIFT_BACKTRACE=enable=no COLORTERM=truecolor")
    session.terminal.press("n")
    #expect(session.isSettled(" 2/2 "))
    kill(try #require(session.terminal.child(named: "hfgd")), signal)
    #expect(session.shows("status \(status)"), "\(session.terminal.screen)")
    session.terminal.expectCleanTerminal()
    if status == 130 {
      let state = try FileBytes.read(
        session.program.path("state/hfgd/explorer.json"), maxBytes: 1 << 20)
      #expect(try JSON(utf8: state).object?.first?.value["image"]?.string == "img-02")
    }
  }

  /// Streams that are no terminal, and terminals that can show nothing, are refused with the remedy.
  @Test(arguments: [
    ("", "> out", ["standard output", "hfgd predict"]),
    ("", "< /dev/null", ["standard input", "hfgd predict"]),
    ("TERM=dumb", "", ["TERM=dumb", "export TERM="]),
    ("env -u TERM", "", ["TERM", "export TERM="]),
  ])
  func refusals(_ environment: String, _ redirection: String, _ words: [String]) throws {
    let session = ExplorerSession()
    try session.makePictures(1)
    session.terminal.type(
      "clear; \(environment) \(Program.executable.path) explore fcn-mobilenet_v2 --random 1 "
        + "--data in \(redirection); echo status $?")
    #expect(session.shows("status 2"), "\(session.terminal.screen)")
    let text = session.terminal.screen.replacing("\n", with: " ")
    for word in words { #expect(text.contains(word), "\(text)") }
    session.terminal.expectCleanTerminal()
  }
}
