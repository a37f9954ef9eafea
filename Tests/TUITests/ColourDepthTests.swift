import Testing

@testable import TUI

@Suite("Colour depth")
struct ColourDepthTests {
  private typealias Choice = ColourDepth.Choice

  private func depth(
    _ choice: Choice, _ environment: [String: String], isTerminal: Bool, colours: Int,
    isDirect: Bool = false
  ) -> ColourDepth {
    ColourDepth.detect(choice, environment: environment, isTerminal: isTerminal) {
      (colours, isDirect)
    }
  }

  @Test(arguments: [
    (["TERM": "xterm"], 8, ColourDepth.sixteen), (["TERM": "xterm-16color"], 16, .sixteen),
    (["TERM": "xterm-256color"], 256, .palette256),
    (["TERM": "xterm", "COLORTERM": "truecolor"], 8, .trueColour),
    (["TERM": "xterm", "COLORTERM": "24bit"], 8, .trueColour),
    (["TERM": "xterm", "COLORTERM": "yes"], 8, .sixteen),
    (["TERM": "xterm-direct"], 1 << 24, .trueColour),
    (["TERM": "vt100"], 0, .none), (["TERM": "dumb", "COLORTERM": "truecolor"], 8, .none),
    (["NO_COLOR": "1", "COLORTERM": "truecolor"], 256, .none), (["NO_COLOR": ""], 256, .palette256),
    (["NO_COLOR": "1", "FORCE_COLOR": "1"], 256, .none), ([:], 0, .none),
  ])
  func terminals(environment: [String: String], colours: Int, expected: ColourDepth) {
    #expect(depth(.auto, environment, isTerminal: true, colours: colours) == expected)
  }

  @Test(arguments: [
    (["COLORTERM": "truecolor"], 256, ColourDepth.none), (["FORCE_COLOR": "0"], 256, .none),
    (["FORCE_COLOR": "1"], 256, .palette256), (["CLICOLOR_FORCE": "1"], 0, .trueColour),
    (["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], 256, .none), (["CLICOLOR_FORCE": ""], 256, .none),
  ])
  func pipes(environment: [String: String], colours: Int, expected: ColourDepth) {
    #expect(depth(.auto, environment, isTerminal: false, colours: colours) == expected)
  }

  @Test(arguments: [true, false])
  func theFlagOutweighsTheEnvironment(isTerminal: Bool) {
    let environment = ["NO_COLOR": "1", "TERM": "dumb"]
    #expect(
      depth(.always, environment, isTerminal: isTerminal, colours: 256) == .palette256)
    #expect(depth(.always, environment, isTerminal: isTerminal, colours: 0) == .trueColour)
    #expect(
      depth(.never, ["FORCE_COLOR": "1"], isTerminal: isTerminal, colours: 256) == ColourDepth.none)
  }

  @Test func terminfoMayPromiseDirectColour() {
    #expect(depth(.auto, [:], isTerminal: true, colours: 256, isDirect: true) == .trueColour)
  }
}
