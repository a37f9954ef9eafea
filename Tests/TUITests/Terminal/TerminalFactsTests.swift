import Core
import Testing

@testable import TUI

@Suite struct TerminalFactsTests {
  private static let utf8 = CharacterEncoding(
    locale: "C.UTF-8", codeset: "UTF-8", isSubstitute: false)

  private func facts(
    _ term: String, colours: Int = 256, colorTerm: String = "", multiplexer: Multiplexer? = nil,
    answers: ProbeAnswers = ProbeAnswers()
  ) -> TerminalFacts {
    TerminalFacts(
      term: term, entryName: term, entryColours: colours, colorTerm: colorTerm,
      encoding: Self.utf8, multiplexer: multiplexer, answers: answers)
  }

  private func depth(_ facts: TerminalFacts, _ environment: [String: String] = [:]) -> ColourDepth {
    var environment = environment
    if !facts.colorTerm.isEmpty { environment["COLORTERM"] = facts.colorTerm }
    environment["TERM"] = facts.term
    return facts.colours(.auto, environment: environment).depth
  }

  private func client(_ isTrueColour: Bool) -> Multiplexer.Client {
    Multiplexer.Client(term: "xterm-256color", program: nil, isTrueColour: isTrueColour)
  }

  @Test func theDescriptionDecidesWhereNothingElseIsKnown() {
    #expect(depth(facts("xterm", colours: 8)) == .sixteen)
    #expect(depth(facts("xterm-256color")) == .palette256)
    #expect(depth(facts("vt100", colours: 0)) == .none)
    #expect(depth(facts("xterm-256color", colorTerm: "truecolor")) == .trueColour)
  }

  @Test func aConfirmedColourBeatsTheDescription() {
    var answers = ProbeAnswers()
    answers.note(.rendition("0;48:2::1:2:3"))
    #expect(depth(facts("xterm-256color", answers: answers)) == .trueColour)
    #expect(depth(facts("xterm-256color", answers: answers), ["NO_COLOR": "1"]) == .none)
    answers = ProbeAnswers()
    answers.note(.program("foot(1.20.2)"))
    #expect(depth(facts("foot", answers: answers)) == .trueColour)
  }

  @Test func multiplexersThatReduceColoursAreRecognised() {
    let reducing = Multiplexer.tmux(version: "3.3a", clients: [client(true), client(false)])
    let reduced = facts("tmux-256color", colorTerm: "truecolor", multiplexer: reducing)
    #expect(depth(reduced) == .palette256)
    let obstacle = reduced.obstacles(
      reduced.colours(.auto, environment: ["COLORTERM": "truecolor"])
    ).first
    #expect(obstacle?.problem == "tmux sends 256 colours to your terminal (xterm-256color)")
    #expect(obstacle?.remedy.contains("set -as terminal-features ',*:RGB'") == true)

    let passing = Multiplexer.tmux(version: "3.4", clients: [client(true)])
    #expect(depth(facts("tmux-256color", multiplexer: passing)) == .trueColour)
    let unwatched = Multiplexer.tmux(version: "3.4", clients: [])
    #expect(depth(facts("tmux-256color", multiplexer: unwatched)) == .palette256)
    #expect(
      depth(facts("tmux-256color", colorTerm: "24bit", multiplexer: unwatched)) == .trueColour)
    #expect(
      depth(facts("screen", colorTerm: "truecolor", multiplexer: .screen)) == .palette256)
  }

  @Test func tmuxListsItsClients() {
    let list = """
      xterm-256color\t256,bpaste,mouse\tXTerm(370)\t3.3a
      alacritty-direct\t\t\t3.3a
      foot\tRGB,title\tfoot(1.20)\t3.3a

      """
    #expect(
      Multiplexer.tmux(clientList: list)
        == .tmux(
          version: "3.3a",
          clients: [
            Multiplexer.Client(term: "xterm-256color", program: "XTerm(370)", isTrueColour: false),
            Multiplexer.Client(term: "alacritty-direct", program: nil, isTrueColour: true),
            Multiplexer.Client(term: "foot", program: "foot(1.20)", isTrueColour: true),
          ]))
    #expect(Multiplexer.tmux(clientList: "garbage\n") == .tmux(version: nil, clients: []))
  }

  @Test func multiplexersAreToldFromTheEnvironment() {
    func multiplexer(_ environment: [String: String], _ program: String? = nil) -> Multiplexer? {
      Multiplexer(environment: environment, program: program, clientList: nil)
    }
    #expect(multiplexer(["TERM": "xterm"]) == nil)
    #expect(multiplexer(["TERM": "screen.xterm", "STY": "1.a"]) == .screen)
    #expect(multiplexer(["TERM": "screen-256color"]) == .screen)
    #expect(
      multiplexer(["TERM": "screen-256color", "TMUX": "/t,1,0"])
        == .tmux(version: nil, clients: nil))
    #expect(
      multiplexer(["TERM": "screen-256color"], "tmux 3.4") == .tmux(version: "3.4", clients: nil))
    // One inside the other inherits its variables.
    let both = ["TERM": "screen", "STY": "1.a", "TMUX": "/t,1,0"]
    #expect(multiplexer(both) == .screen)
    #expect(multiplexer(both, "tmux 3.4") == .tmux(version: nil, clients: nil))
    #expect(
      multiplexer(["TERM": "tmux-256color", "STY": "1.a", "TMUX": "/t,1,0"])
        == .tmux(version: nil, clients: nil))
  }

  @Test func sextantsNeedATerminalThatDrawsThem() {
    var answers = ProbeAnswers()
    answers.note(.program("kitty(0.42)"))
    for column in [1, 1, 1] { answers.note(.cursor(column: column, row: 0)) }
    func glyphs(_ facts: TerminalFacts) -> GlyphSupport {
      facts.features(facts.colours(.auto, environment: ["TERM": facts.term])).glyphs
    }
    #expect(glyphs(facts("xterm-kitty", answers: answers)) == [.blocks, .sextants])
    #expect(glyphs(facts("xterm")) == .blocks)
    #expect(glyphs(facts("linux")) == [])
    var foreign = ProbeAnswers()
    foreign.note(.cursor(column: 3, row: 0))
    #expect(glyphs(facts("xterm", answers: foreign)) == [])
  }

  @Test func lightAndDarkAreTold() {
    func isLight(_ colour: RGB?) -> Bool {
      TerminalFeatures(depth: .trueColour, glyphs: [], background: colour, cellPixels: nil)
        .hasLightBackground
    }
    #expect(isLight(RGB(253, 246, 227)))
    #expect(!isLight(RGB(0, 43, 54)))
    #expect(!isLight(nil))
  }

  @Test func colourNumbersFillTheHoleOfDirectDescriptions() {
    var direct = ColourNumbers(.directWithHole)
    #expect(direct.number(RGB(0, 0, 0)) == 0x010101)
    #expect(direct.number(RGB(0, 0, 7)) == 0x000107)
    #expect(direct.number(RGB(0, 0, 8)) == 8)
    #expect(direct.number(nil) == -1)
    var exact = ColourNumbers(.exact)
    #expect(exact.number(RGB(0, 0, 7)) == 7)
    var eight = ColourNumbers(.eight)
    #expect(
      [RGB(0, 0, 0), RGB(255, 0, 0), RGB(30, 200, 40), RGB(0, 0, 255), RGB(250, 250, 240)].map {
        eight.number($0)
      } == [0, 1, 2, 4, 7])
  }

  @Test func pairsAreSharedByExchangedColoursInPalettes() {
    var pairs = ColourPairs(limit: 63, isSymmetric: true)
    var defined: [[Int32]] = []
    for foreground in Int32(-1)..<8 {
      for background in Int32(-1)..<8 {
        _ = pairs.ink(foreground: foreground, background: background) {
          defined.append([$0, $1, $2])
        }
      }
    }
    // 36 pairs of 8 colours and 8 with the terminal's own: fewer than the 63 of the smallest description.
    #expect(pairs.count == 44)
    #expect(defined.map { $0[0] } == Array(1...44))
    let one = pairs.ink(foreground: 2, background: 5) { _, _, _ in Issue.record("known") }
    let other = pairs.ink(foreground: 5, background: 2) { _, _, _ in Issue.record("known") }
    #expect(one.pair == other.pair && one.isReversed && !other.isReversed)
    #expect(
      pairs.ink(foreground: -1, background: -1) { _, _, _ in Issue.record("pair 0") }
        == ColourPairs.Ink(pair: 0, isReversed: false))
  }
}
