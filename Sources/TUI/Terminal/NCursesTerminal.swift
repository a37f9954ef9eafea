import CTerminal
import Core
import Foundation
import Glibc
import Viz

/// The terminal behind standard input and output, drawn by curses.
///
/// One at a time: signal handlers belong to the process.
final class NCursesTerminal: Terminal {
  /// What the user has chosen about the terminal.
  struct Options {
    var colour: ColourDepth.Choice = .auto
    var mouse: MouseReporting = .motion
    /// How long to wait for the terminal's answers at the start.
    var patience: Duration = .milliseconds(100)
  }

  private(set) var size: TerminalSize
  private(set) var features: TerminalFeatures
  private(set) var traffic = Traffic()
  /// What was found out about the terminal.
  private(set) var facts: TerminalFacts

  let waker = Waker { cterminal_guard_wake() }

  private let environment: [String: String]
  private let options: Options
  private let codes: FullScreenCodes
  private let screen: CursesScreen
  private var decoder: InputDecoder
  private var queue: ArraySlice<TerminalEvent>
  private var shown = CellGrid(width: 0, height: 0)
  private var mouse: MouseReporting
  /// The question at the end of a frame that has not been answered.
  private var fence: (bytes: Int, sent: ContinuousClock.Instant)?
  private var isGone = false
  private var isClosed = false

  /// How long an escape character may wait for what follows.
  private static let escapeDelay: Duration = .milliseconds(5)

  /// Opens the full screen.
  init(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    options: Options = Options()
  ) throws(TerminalFailure) {
    for (descriptor, stream) in [
      (STDIN_FILENO, "standard input"), (STDOUT_FILENO, "standard output"),
    ] where isatty(descriptor) == 0 {
      throw .notATerminal(stream: stream)
    }
    let encoding = CharacterEncoding.establish()
    var facts = TerminalFacts(
      environment: environment, encoding: encoding, window: TerminalLine.window(STDOUT_FILENO))
    let files = TerminfoFiles(environment: environment)
    guard let description = TerminalFacts.description(of: facts.term, in: files),
      description.entry[.cursorAddress] != nil
    else { throw Self.unusable(facts) }

    let question = TmuxQuery(environment: environment)
    let codes = FullScreenCodes(description.entry)
    let error = cterminal_guard_install(STDOUT_FILENO, codes.restore, codes.restore.count)
    guard error == 0 else { throw .line(errorNumber: error) }
    Self.enter(codes)

    var decoder = InputDecoder()
    let (answers, typed) = TerminalProbe.run(
      input: STDIN_FILENO, output: STDOUT_FILENO,
      questions: TerminalProbe.questions(isPlain: TerminalProbe.isPlain(term: facts.term)),
      timeout: options.patience, decoder: &decoder)
    facts.add(
      answers, environment: environment,
      clientList: question?.answer(within: options.patience))
    let features = facts.features(facts.colours(options.colour, environment: environment))
    let size = TerminalSize.current(environment: environment)
    guard
      let screen = Self.screen(
        description, depth: features.depth, size: size, isASCII: !facts.isUTF8)
    else {
      Self.giveBack(codes.restore)
      cterminal_guard_remove()
      throw Self.unusable(facts)
    }

    self.environment = environment
    self.options = options
    self.codes = codes
    self.screen = screen
    self.facts = facts
    self.features = features
    self.features.depth = screen.scheme.depth
    self.size = size
    self.decoder = decoder
    queue = typed[...]
    mouse = options.mouse
    if let roundTrip = answers.roundTrip { traffic.countAnswer(bytes: 0, after: roundTrip) }
    send(codes.modes + Array(mouse.codes.utf8))
  }

  deinit { close() }

  var endSignal: Int32? {
    let number = cterminal_guard_end_signal()
    return number == 0 ? nil : number
  }

  /// What keeps pictures from having their colours or glyphs, in words.
  var colourProblem: String? {
    facts.pictureObstacle(facts.colours(options.colour, environment: environment))?.problem
  }

  /// Whether the last large frame is still on its way, so that another one would queue up behind it.
  var isBusy: Bool { fence != nil }

  // MARK: Drawing

  func draw(_ grid: CellGrid) {
    guard !isClosed else { return }
    shown = grid
    let start = ContinuousClock.now
    var bytes = screen.frame(
      grid, prefix: FullScreenCodes.beginUpdate, suffix: FullScreenCodes.endUpdate)
    guard !bytes.isEmpty else { return }
    let isMeasured =
      fence == nil && traffic.roundTrip != nil && bytes.count >= Traffic.smallestMeasuredFrame
    if isMeasured {
      bytes += Array(FullScreenCodes.fence.utf8)
      fence = (bytes.count, start)
    }
    send(bytes)
    traffic.countFrame(bytes: bytes.count, time: .now - start)
  }

  private func send(_ bytes: [UInt8]) {
    guard !isGone else { return }
    isGone = !TerminalLine.write(bytes, to: STDOUT_FILENO)
    traffic.countWritten(bytes.count)
  }

  // MARK: Events

  func nextEvent(timeout: Duration?) -> TerminalEvent? {
    let deadline = timeout.map { ContinuousClock.now + $0 }
    while true {
      takeSignals()
      if let event = queue.popFirst() { return event }
      if isGone || isClosed { return .hangup }
      var limits = [deadline].compactMap { $0 }
      if decoder.isAmbiguous { limits.append(.now + Self.escapeDelay) }
      let isReadable = wait(until: limits.min())
      if isReadable {
        let bytes = TerminalLine.available(from: STDIN_FILENO)
        if bytes.isEmpty { isGone = true } else { take(decoder.decode(bytes)) }
      } else if decoder.isAmbiguous {
        take(decoder.decode([], isPause: true))
      } else if let deadline, deadline <= .now {
        return nil
      }
    }
  }

  /// Waits for input, signals and wakers; whether there is input.
  private func wait(until deadline: ContinuousClock.Instant?) -> Bool {
    let milliseconds = deadline.map { max(0, ($0 - .now) / .milliseconds(1)).rounded(.up) }
    var sources = [
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: cterminal_guard_descriptor(), events: Int16(POLLIN), revents: 0),
    ]
    let count = poll(&sources, 2, milliseconds.map { Int32(min($0, 1e9)) } ?? -1)
    return count > 0 && sources[0].revents != 0
  }

  private func take(_ items: [InputDecoder.Item]) {
    for item in items {
      switch item {
      case .event(.mouse(let event)):
        if case .mouse(let earlier) = queue.last, event.supersedes(earlier) { queue.removeLast() }
        queue.append(.mouse(event))
      case .event(let event): queue.append(event)
      case .reply(.ready):
        if let fence { traffic.countAnswer(bytes: fence.bytes, after: .now - fence.sent) }
        fence = nil
      case .reply(.deviceAttributes): decoder.expectsCursor = false
      case .reply(let reply): noteLate(reply)
      }
    }
  }

  /// An answer to a question of the start that came after the wait for it.
  private func noteLate(_ reply: TerminalReply) {
    facts.answers.note(reply)
    var later = facts.features(facts.colours(options.colour, environment: environment))
    later.depth = features.depth
    guard later != features else { return }
    features = later
    queue.append(.wake)
  }

  private func takeSignals() {
    let events = cterminal_guard_take_events()
    guard events != 0 else { return }
    func happened(_ event: cterminal_events) -> Bool { events & event.rawValue != 0 }
    if happened(CTERMINAL_STOP_ASKED) {
      suspend()
    } else if happened(CTERMINAL_CONTINUED) {
      // Stopped without being asked: the shell has had the terminal in its own mode.
      resume()
    }
    if happened(CTERMINAL_RESIZED) { takeSize() }
    if happened(CTERMINAL_WOKEN) { queue.append(.wake) }
    if happened(CTERMINAL_END_ASKED) { queue.append(.hangup) }
  }

  private func takeSize() {
    let now = TerminalSize.current(environment: environment)
    guard now != size else { return }
    size = now
    screen.resize(now)
    queue.append(.resize(columns: now.columns, rows: now.rows))
  }

  // MARK: Services

  func setMouse(_ reporting: MouseReporting) {
    mouse = reporting
    send(Array(reporting.codes.utf8))
  }

  func copyToClipboard(_ text: String) throws(ClipboardFailure) {
    send(Array(try Clipboard.codes(text, through: facts.multiplexer).utf8))
  }

  func setTitle(_ title: String) { send(Array("\u{1B}]2;\(title.printable)\u{7}".utf8)) }

  // MARK: Leaving and coming back

  func suspend() {
    guard !isClosed else { return }
    Self.giveBack(codes.modesOff + screen.leave() + codes.erase)
    cterminal_guard_stop()
    cterminal_guard_save_mode()
    resume()
    // The end of the stop is a signal too; what else came meanwhile counts.
    let ours = CTERMINAL_CONTINUED.rawValue | CTERMINAL_STOP_ASKED.rawValue
    let others = cterminal_guard_take_events() & ~ours
    if others & CTERMINAL_WOKEN.rawValue != 0 { queue.append(.wake) }
    if others & CTERMINAL_END_ASKED.rawValue != 0 { queue.append(.hangup) }
  }

  private func resume() {
    fence = nil
    Self.enter(codes)
    send(codes.modes + Array(mouse.codes.utf8))
    takeSize()
    screen.invalidate()
    draw(shown)
    queue.append(.resumed)
  }

  func close() {
    guard !isClosed else { return }
    waitForFence()
    isClosed = true
    Self.giveBack(codes.modesOff + screen.leave() + codes.erase)
    tcflush(STDIN_FILENO, TCIFLUSH)
    screen.close()
    cterminal_guard_remove()
  }

  /// Waits for the answer that is on its way, which would else be typed into the shell.
  private func waitForFence() {
    let patience: Duration = (traffic.roundTrip ?? .zero) * 2 + .milliseconds(200)
    let deadline = ContinuousClock.now + patience
    while fence != nil, !isGone,
      let bytes = TerminalLine.read(from: STDIN_FILENO, before: deadline),
      !bytes.isEmpty
    { take(decoder.decode(bytes)) }
  }
}

extension NCursesTerminal {
  private static func enter(_ codes: FullScreenCodes) {
    cterminal_guard_arm(true)
    var mode = TerminalLine.rawMode(from: cterminal_guard_shell_mode())
    tcsetattr(STDIN_FILENO, TCSADRAIN, &mode)
    _ = TerminalLine.write(codes.enter, to: STDOUT_FILENO)
  }

  private static func giveBack(_ codes: [UInt8]) {
    _ = TerminalLine.write(codes, to: STDOUT_FILENO)
    var mode = cterminal_guard_shell_mode()
    tcsetattr(STDIN_FILENO, TCSADRAIN, &mode)
    cterminal_guard_arm(false)
  }

  /// A curses screen with the colours wanted, or as many as a description can be found for.
  private static func screen(
    _ description: (name: String, bytes: [UInt8], entry: TerminfoEntry), depth: ColourDepth,
    size: TerminalSize, isASCII: Bool
  ) -> CursesScreen? {
    let plain = CursesScreen.Description(term: description.name, terminfo: nil)
    var candidates = [plain]
    if depth == .palette256, description.entry[.colours] < 256 {
      let patched = TerminfoPatch.palette256(description.entry).bytes
      candidates = [
        CursesScreen.Description(
          term: description.name, terminfo: TerminfoPatch.environmentValue(patched)), plain,
      ]
    }
    if depth == .trueColour {
      let patched = TerminfoPatch.trueColour(description.entry).bytes
      let isTmux = description.name.hasPrefix("tmux") || description.name.hasPrefix("screen")
      candidates = [
        CursesScreen.Description(
          term: description.name, terminfo: TerminfoPatch.environmentValue(patched)),
        CursesScreen.Description(term: isTmux ? "tmux-direct" : "xterm-direct", terminfo: nil),
        plain,
      ]
    }
    var last: CursesScreen?
    for candidate in candidates {
      last?.close()
      last = CursesScreen(candidate, depth: depth, size: size, isASCII: isASCII)
      if let last, last.scheme.depth == depth { return last }
    }
    return last
  }

  private static func unusable(_ facts: TerminalFacts) -> TerminalFailure {
    let obstacle = facts.obstacles(TerminalFacts.ColourFinding(depth: .none, reason: "")).first
    return .unusable(
      term: facts.term,
      obstacle: obstacle?.problem ?? "TERM=\(facts.term.printable) cannot move its cursor",
      remedy: obstacle?.remedy ?? "set TERM to the terminal's name, as in: export TERM=xterm")
  }
}

extension ColourNumbers.Scheme {
  /// The depth that pictures are to be made for.
  var depth: ColourDepth {
    switch self {
    case .exact, .directWithHole: .trueColour
    case .palette256: .palette256
    case .sixteen, .eight: .sixteen
    case .none: .none
    }
  }
}
