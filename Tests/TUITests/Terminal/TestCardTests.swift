import Core
import Foundation
import Glibc
import Testing
import Viz

@testable import TUI

/// The whole terminal layer, driven through tmux and looked at cell by cell.
@Suite(.serialized, .enabled(if: TmuxSession.isInstalled, "tmux is not installed"))
struct TestCardTests {
  /// The first row of the ramps: below the head, its notes and a blank row.
  private static let firstRamp = 4

  private func card(
    columns: Int = 120, rows: Int = 30, environment: String = "COLORTERM=truecolor"
  ) -> TmuxSession {
    let session = TmuxSession(columns: columns, rows: rows)
    let card = "\(environment) \(Program.executable.path) terminal --test-card"
    session.type("clear; \(card); echo status $?")
    return session
  }

  private func isShown(_ session: TmuxSession) -> Bool {
    session.wait { $0.contains("hfgd test card") && $0.contains("q quit") }
  }

  private func expectExactRamps(_ session: TmuxSession, columns: Int, _ name: (RGB) -> String) {
    let cells = session.cells
    let width = columns - TestCard.rampStart
    for ramp in TestCard.ramps.indices {
      let row = cells[Self.firstRamp + ramp].dropFirst(TestCard.rampStart)
      #expect(row.count == width)
      let wrong = row.enumerated().filter { x, cell in
        let (left, right) = TestCard.rampColours(ramp, x: x, columns: width)
        let expected = CapturedCell(
          glyph: "▌", foreground: name(left), background: name(right))
        return cell != expected
      }
      #expect(wrong.isEmpty, "\(TestCard.ramps[ramp].name): \(wrong.prefix(3))")
    }
  }

  @Test(arguments: [
    "xterm-256color", "xterm", "tmux-256color", "screen-256color", "xterm-direct",
    "a-terminal-of-tomorrow",
  ])
  func coloursAreExactToTheLastBitForAnyTERM(_ term: String) {
    let session = card(environment: "COLORTERM=truecolor TERM=\(term)")
    #expect(isShown(session))
    expectExactRamps(session, columns: 120) { "2;\($0.red);\($0.green);\($0.blue)" }
    session.press("q")
    #expect(session.wait { $0.contains("status 0") })
    session.expectCleanTerminal()
  }

  @Test(arguments: ["COLORTERM=truecolor", "COLORTERM=truecolor TERM=xterm-256color"])
  func coloursStayExactWhenPairsAreForgotten(_ environment: String) {
    let session = card(environment: environment)
    #expect(isShown(session))
    session.press("b")
    #expect(session.wait { $0.contains("new frames: median") })
    expectExactRamps(session, columns: 120) { "2;\($0.red);\($0.green);\($0.blue)" }
  }

  @Test func paletteColoursAreTheNearest() {
    // A remote tmux with a description that has no 24 bits: GNU screen's name, without tmux's variable.
    let session = card(environment: "env -u TMUX -u COLORTERM STY=1 TERM=screen-256color")
    #expect(isShown(session))
    expectExactRamps(session, columns: 120) { "5;\(TerminalPalette.xterm240.nearest(to: $0))" }
    #expect(session.screen.contains("GNU screen"))
  }

  @Test func sixteenColoursAreAnsiCodes() {
    let session = card(environment: "env -u TMUX -u COLORTERM TERM=linux")
    #expect(isShown(session))
    let ramp = session.cells[Self.firstRamp].dropFirst(TestCard.rampStart)
    // From black to red.
    #expect(Set(ramp.flatMap { [$0.foreground, $0.background] }).subtracting([""]) == ["0", "1"])
  }

  @Test func withoutColoursNoneAreSent() {
    let session = card(environment: "NO_COLOR=1")
    #expect(isShown(session))
    #expect(session.cells.joined().allSatisfy { $0.foreground.isEmpty && $0.background.isEmpty })
  }

  @Test(arguments: ["LC_ALL=C", "LC_ALL=POSIX", "LC_ALL=nowhere", "LANG= LC_ALL= LC_CTYPE="])
  func blocksAreDrawnInALocaleWithoutUTF8(_ locale: String) {
    let session = card(environment: "\(locale) COLORTERM=truecolor")
    #expect(isShown(session))
    expectExactRamps(session, columns: 120) { "2;\($0.red);\($0.green);\($0.blue)" }
    #expect(session.screen.contains("Zürich"))
  }

  @Test func aDumbTerminalIsRefusedWithTheRemedy() {
    let session = card(environment: "TERM=dumb")
    #expect(session.wait { $0.contains("status 2") })
    #expect(session.screen.contains("TERM=dumb"))
    #expect(session.screen.contains("export TERM="))
  }

  @Test func keysAndMouseAndPasteArrive() {
    let session = card()
    #expect(isShown(session))
    for (key, line) in [
      ("x", "x"), ("Up", "Up"), ("F5", "F5"), ("C-a", "Ctrl-a"), ("M-x", "Alt-x"),
      ("BTab", "Shift-Tab"), ("Escape", "Esc"),
    ] {
      session.press(key)
      #expect(session.wait { $0.contains("key     \(line)") }, "\(key)")
    }
    session.run("send-keys", "-H", "1b", "5b", "3c", "30", "3b", "33", "3b", "34", "4d")
    #expect(session.wait { $0.contains("column 2  row 3") })
    session.run("set-buffer", "pasted text")
    session.run("paste-buffer", "-p")
    #expect(session.wait { $0.contains("paste   11 characters: pasted text") })
  }

  @Test func theScreenFollowsAHundredSizes() {
    let session = card(columns: 120, rows: 30)
    #expect(isShown(session))
    var state: UInt64 = 3
    for _ in 0..<100 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let (columns, rows) = (20 + Int(state >> 33) % 180, 5 + Int(state >> 48) % 60)
      session.run("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }
    session.run("resize-window", "-x", "10", "-y", "3")
    #expect(session.wait { $0.contains("too small") })
    session.run("resize-window", "-x", "97", "-y", "29")
    #expect(session.wait { $0.contains("97×29") && $0.contains("q quit") })
    expectExactRamps(session, columns: 97) { "2;\($0.red);\($0.green);\($0.blue)" }
    session.press("q")
    #expect(session.wait { $0.contains("status 0") })
    session.expectCleanTerminal()
  }

  @Test func stoppingGivesTheShellItsTerminalAndContinuingTheScreen() {
    let session = card()
    #expect(isShown(session))
    for _ in 0..<3 {
      session.press("C-z")
      // The screen is left in several writes, between which a loaded machine may look.
      #expect(session.waitUntil { session.variable("alternate_on") == "0" })
      #expect(session.wait { !$0.contains("hfgd test card  ") })
      #expect(session.variable("mouse_any_flag") == "0")
      #expect(session.variable("cursor_flag") == "1")
      session.type("clear; echo in the shell")
      #expect(session.wait { $0.contains("in the shell") })
      session.type("fg")
      #expect(session.wait { $0.contains("resumed") && $0.contains("hfgd test card") })
      #expect(session.variable("alternate_on") == "1")
      #expect(session.variable("cursor_flag") == "0")
      expectExactRamps(session, columns: 120) { "2;\($0.red);\($0.green);\($0.blue)" }
    }
    session.press("q")
    #expect(session.waitUntil { session.variable("alternate_on") == "0" })
    session.expectCleanTerminal()
  }

  @Test(arguments: [
    (SIGTERM, "status 130"), (SIGINT, "status 130"), (SIGHUP, "status 130"),
    (SIGQUIT, "status 131"), (SIGSEGV, "status 139"), (SIGILL, "status 132"),
    (SIGABRT, "status 134"), (SIGTRAP, "status 133"), (SIGBUS, "status 135"),
    (SIGFPE, "status 136"),
  ])
  func signalsLeaveACleanTerminal(_ signal: Int32, _ status: String) throws {
    let session = card(environment: "SWIFT_BACKTRACE=enable=no COLORTERM=truecolor")
    #expect(isShown(session))
    let process = try #require(session.child(named: "hfgd"))
    kill(process, signal)
    #expect(session.wait { $0.contains(status) }, "\(session.screen)")
    session.expectCleanTerminal()
  }

  @Test func controlBackslashEndsTheProgramEvenWhereItDoesNotListen() throws {
    let session = card(environment: "SWIFT_BACKTRACE=enable=no COLORTERM=truecolor")
    #expect(isShown(session))
    session.press("C-\\")
    #expect(session.wait { $0.contains("status 131") })
    session.expectCleanTerminal()
  }

  @Test func aCrashLeavesAReadableTrace() throws {
    let session = card(
      environment: "SWIFT_BACKTRACE=enable=yes,interactive=no,color=no COLORTERM=truecolor")
    #expect(isShown(session))
    kill(try #require(session.child(named: "hfgd")), SIGILL)
    #expect(session.wait { $0.contains("Backtrace took") && $0.contains("status 132") })
    #expect(session.variable("alternate_on") == "0")
    session.run("resize-window", "-y", "200")
    #expect(session.screen.contains("NCursesTerminal.nextEvent"))
  }

  @Test func theReportNamesTheObstacleInTmux() throws {
    let session = TmuxSession(columns: 120, rows: 40)
    session.type("clear; \(Program.executable.path) terminal; echo status $?")
    #expect(session.wait { $0.contains("status 0") })
    #expect(session.screen.contains("multiplexer     tmux"))
    #expect(session.screen.contains("shown on no terminal"))
    session.type("clear; \(Program.executable.path) terminal --json > /dev/null; echo status $?")
    #expect(session.wait { $0.contains("status 0") })
    // No answer of the terminal is left for the shell.
    #expect(!session.screen.contains("62") && !session.screen.contains("rgb:"))
  }
}
