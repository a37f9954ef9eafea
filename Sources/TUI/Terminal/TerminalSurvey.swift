import CTerminal
import Glibc

/// Finds out about the terminal without taking its screen.
enum TerminalSurvey {
  /// How long to wait for answers; nobody waits for a screen here.
  private static let patience: Duration = .milliseconds(300)

  /// The facts about the terminal that controls the process, wherever its standard streams lead.
  ///
  /// It is not asked where the process runs in the background, where it would be stopped for that, or without terminal.
  static func facts(
    environment: [String: String]
  ) -> (facts: TerminalFacts, size: TerminalSize, isTerminal: Bool) {
    let encoding = CharacterEncoding.establish()
    let descriptor = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
    defer { if descriptor >= 0 { Glibc.close(descriptor) } }
    let window = descriptor < 0 ? nil : TerminalLine.window(descriptor)
    var facts = TerminalFacts(environment: environment, encoding: encoding, window: window)
    var size = TerminalSize.current(environment: environment)
    if let window, window.ws_col > 0, window.ws_row > 0 {
      size = TerminalSize(columns: Int(window.ws_col), rows: Int(window.ws_row))
    }
    let question = TmuxQuery(environment: environment)
    var answers = ProbeAnswers()
    let isForeground = descriptor >= 0 && tcgetpgrp(descriptor) == getpgrp()
    if isForeground, facts.term != "dumb", !facts.term.isEmpty {
      answers = ask(descriptor, term: facts.term)
    }
    facts.add(
      answers, environment: environment, clientList: question?.answer(within: patience))
    return (facts, size, isForeground)
  }

  private static func ask(_ descriptor: Int32, term: String) -> ProbeAnswers {
    // Whatever happens to the process while it listens, the shell gets its line back as it was.
    guard cterminal_guard_install(descriptor, "\r", 1) == 0 else { return ProbeAnswers() }
    defer { cterminal_guard_remove() }
    var shell = cterminal_guard_shell_mode()
    var raw = TerminalLine.rawMode(from: shell)
    cterminal_guard_arm(true)
    tcsetattr(descriptor, TCSADRAIN, &raw)
    var decoder = InputDecoder()
    let result = TerminalProbe.run(
      input: descriptor, output: descriptor,
      questions: TerminalProbe.questions(isPlain: TerminalProbe.isPlain(term: term)),
      timeout: patience, decoder: &decoder)
    // Late answers would be typed into the shell; what a person typed meanwhile is lost with them.
    tcsetattr(descriptor, result.answers.roundTrip == nil ? TCSAFLUSH : TCSADRAIN, &shell)
    cterminal_guard_arm(false)
    return result.answers
  }
}
