import ArgumentParser
import Core
import Foundation
import Viz

/// `hfgd terminal`: what the terminal can show, and what stands in the way.
struct TerminalReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "terminal",
    abstract: "Tell what the terminal can show, and what stands in the way.",
    discussion: """
      The terminal is asked for its colours, background, glyphs and cell size; tmux
      is asked what it passes on. Each obstacle comes with its remedy. The test card
      fills the screen with ramps and glyphs and shows every key and mouse event
      that arrives.

      EXAMPLES
        hfgd terminal
        hfgd terminal --json | jq .obstacles
        hfgd terminal --test-card
      """)

  @Flag(name: .long, help: "Show a full screen of colours, glyphs and events; q quits.")
  var testCard = false

  @Option(name: .long, help: "Colours: auto, always or never.")
  var color: ColourDepth.Choice = .auto

  @OptionGroup var report: ReportOptions

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    if testCard {
      try showTestCard(environment)
      return
    }
    let (facts, size, isTerminal) = TerminalSurvey.facts(environment: environment)
    let findings = TerminalFindings(
      facts: facts, colours: facts.colours(color, environment: environment),
      size: size, isTerminal: isTerminal)
    print(report.json ? findings.json.text : findings.text)
  }

  private func showTestCard(_ environment: [String: String]) throws {
    let terminal: NCursesTerminal
    do throws(TerminalFailure) {
      terminal = try NCursesTerminal(
        environment: environment, options: NCursesTerminal.Options(colour: color))
    } catch {
      throw CommandFailure(.usage, error.description)
    }
    var session = TestCardSession(terminal, environment: environment, colour: color)
    session.run()
    let signal = terminal.endSignal
    terminal.close()
    if signal != nil { ExitStatus.interrupted.exit() }
  }
}

/// The test card with what its keys do.
private struct TestCardSession {
  private let terminal: NCursesTerminal
  private var card: TestCard
  private var mouse = MouseReporting.motion

  init(
    _ terminal: NCursesTerminal, environment: [String: String], colour: ColourDepth.Choice
  ) {
    self.terminal = terminal
    let finding = terminal.facts.colours(colour, environment: environment)
    let obstacle = terminal.facts.obstacles(finding).first
    card = TestCard(
      features: terminal.features,
      notes: [
        "\(terminal.facts.program ?? terminal.facts.term): \(finding.reason)",
        obstacle.map { "! \($0.problem)" } ?? "nothing stands in the way",
      ])
    terminal.setTitle("hfgd test card")
  }

  /// Shows the card until the user has seen enough or the terminal is gone.
  mutating func run() {
    draw()
    while let event = terminal.nextEvent(timeout: nil) {
      card.note(event)
      switch event {
      case .hangup, .key(Key("q")), .key(Key("c", .control)): return
      case .key(Key("z", .control)): terminal.suspend()
      case .key(Key("b")): measure()
      case .key(Key("m")): switchMouse()
      case .key(Key("c")): copy()
      default: break
      }
      draw()
    }
  }

  private func draw() {
    terminal.draw(card.grid(columns: terminal.size.columns, rows: terminal.size.rows))
  }

  private mutating func switchMouse() {
    let all = MouseReporting.allCases
    mouse = all[((all.firstIndex(of: mouse) ?? 0) + 1) % all.count]
    terminal.setMouse(mouse)
    card.notes[1] = "mouse: \(mouse.rawValue)"
  }

  private mutating func copy() {
    let text = "hfgd test card: the clipboard works"
    do throws(ClipboardFailure) {
      try terminal.copyToClipboard(text)
      card.notes[1] = "copied: \(text)"
    } catch { card.notes[1] = error.description }
  }

  /// Draws frames in which every cell is new and tells how long they take.
  private mutating func measure() {
    var times: [Double] = []
    for frame in 0..<60 {
      terminal.draw(
        TestCard.noise(
          columns: terminal.size.columns, rows: terminal.size.rows, frame: UInt64(frame)))
      times.append(terminal.traffic.lastFrameTime / .milliseconds(1))
    }
    let bytes = terminal.traffic.lastFrameBytes
    times.sort()
    let (median, worst) = (times[times.count / 2], times[times.count * 99 / 100])
    card.notes[1] =
      "new frames: median \(median.formatted(decimals: 1)) ms, "
      + "99th percentile \(worst.formatted(decimals: 1)) ms, \(bytes.grouped) bytes"
  }
}
