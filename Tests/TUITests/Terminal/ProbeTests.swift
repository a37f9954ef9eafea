import Core
import Foundation
import Testing

@testable import TUI

/// The start of the full screen on terminals that answer, answer late, or do not answer.
@Suite(.serialized) struct ProbeTests {
  private static let answers: [(question: String, answer: String)] = [
    ("\u{1B}]11;?", "\u{1B}]11;rgb:fdfd/f6f6/e3e3\u{1B}\\"),
    ("\u{1B}[>q", "\u{1B}P>|kitty(0.42.1)\u{1B}\\"),
    ("\u{1B}[16t", "\u{1B}[6;20;10t"),
    ("\u{1B}P$q", "\u{1B}P1$r48:2:1:2:3m\u{1B}\\"),
    ("\u{1B}[6n", "\u{1B}[1;2R\u{1B}[1;2R\u{1B}[1;2R"),
    ("\u{1B}[c", "\u{1B}[?62;4c"),
  ]

  @Test func answersAreUsedAndNothingOfThemIsTyped() throws {
    let terminal = try #require(
      AnsweringTerminal(["terminal", "--test-card"], answers: Self.answers))
    #expect(terminal.wait(for: "reversed"))
    #expect(terminal.wait(for: FullScreenCodes.endUpdate))
    #expect(terminal.output.contains("kitty(0.42.1): the terminal gave a 24-bit colour back"))
    // kitty draws sextants.
    #expect(terminal.output.contains("\u{1FB10}"))
    #expect(terminal.output.contains("Press keys"))
    terminal.type("q")
    #expect(terminal.wait(for: "\u{1B}[?1049l"))
  }

  @Test func aSilentTerminalIsNotWaitedForLong() throws {
    let terminal = try #require(AnsweringTerminal(["terminal", "--test-card"], answers: []))
    #expect(terminal.wait(for: "Press keys"))
    #expect(terminal.output.contains("the description xterm-256color has 256 colours"))
    // Without answers there is nothing to measure speed with, and nothing to wait for at the end.
    #expect(!terminal.output.contains(FullScreenCodes.fence))
    terminal.type("q")
    #expect(terminal.wait(for: "\u{1B}[?1049l"))
  }

  @Test func lateAnswersAreTakenInAndNeverTyped() throws {
    let terminal = try #require(
      AnsweringTerminal(["terminal", "--test-card"], answers: Self.answers, delay: 0.15))
    #expect(terminal.wait(for: "Press keys"))
    // An answer that changes something wakes the program; none is a key.
    #expect(terminal.wait(for: "wake"))
    terminal.type("x")
    #expect(terminal.wait(for: "key     x"))
    #expect(terminal.output.components(separatedBy: "key     ").count == 2)
  }

  @Test func whatIsTypedDuringTheProbeIsKept() throws {
    let terminal = try #require(
      AnsweringTerminal(
        ["terminal", "--test-card"],
        answers: [("\u{1B}[c", "hello\u{1B}[A\u{1B}[?62;4c")]))
    #expect(terminal.wait(for: "key     Up"))
  }

  @Test func aStreamThatIsNoTerminalIsNamed() throws {
    let child = ChildProcess(
      "/bin/sh", ["-c", "\(Program.executable.path) terminal --test-card 2>&1; echo status $?"],
      environment: ["TERM": "xterm", "PATH": "/usr/bin:/bin"])
    let text = try #require(child?.result(before: .now + .seconds(10))?.text)
    #expect(text.contains("standard input is none"))
    #expect(text.contains("hfgd view"))
    #expect(text.contains("status 2"))
    #expect(!text.contains("\u{1B}"))
  }

  @Test func theReportNeedsNoTerminal() throws {
    let child = ChildProcess(
      Program.executable.path, ["terminal", "--json"],
      environment: ["TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C"])
    let text = try #require(child?.result(before: .now + .seconds(10))?.text)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["schema"] as? String == "hfgd.terminal/1")
    #expect(object["is_terminal"] as? Bool == false)
    #expect(object["colours"] as? String == "24bit")
    #expect(object["codeset"] as? String == "UTF-8")
    #expect(object["locale_is_substitute"] as? Bool == true)
  }
}
