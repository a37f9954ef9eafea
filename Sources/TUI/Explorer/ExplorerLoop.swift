import Core
import Viz

/// The explorer at work: waits for an event, updates the state, does what the update asks for, draws.
///
/// All of it runs on the thread that opened the terminal; the engine works beside it and wakes it through the mailbox.
final class ExplorerLoop {
  private(set) var state: ExplorerState
  private let terminal: any Terminal
  private let engine: ExplorerEngine
  private let mailbox: Mailbox
  private let rightOfWay: RightOfWay
  private let memory: ExplorerMemory?
  private let rasters = PaneRasters()
  private let clock = ContinuousClock()
  private var nextTick: ContinuousClock.Instant
  private var isRunning = true
  /// What is still to be replayed.
  private var script: ArraySlice<ExplorerScript.Step>

  /// When the place is written, should this run end without a word.
  private var saveDue: ContinuousClock.Instant?

  /// How long what the user did may go unsaved.
  private static let saveDelay = Duration.seconds(2)

  /// Ticks come this often while something on the screen moves by itself.
  private static let tickInterval = Duration.milliseconds(100)
  /// How long a frame may hold up the models: a slow line must not stop them.
  private static let frameLimit = Duration.milliseconds(50)

  /// A loop over `state` on `terminal`; the first image is asked for at once.
  init(
    _ state: ExplorerState, on terminal: any Terminal, engine: ExplorerEngine, mailbox: Mailbox,
    rightOfWay: RightOfWay, memory: ExplorerMemory?, script: ExplorerScript? = nil
  ) {
    self.script = script?.steps[...] ?? []
    self.state = state
    self.terminal = terminal
    self.engine = engine
    self.mailbox = mailbox
    self.rightOfWay = rightOfWay
    self.memory = memory
    nextTick = clock.now + Self.tickInterval
    self.state.columns = terminal.size.columns
    self.state.rows = terminal.size.rows
  }

  /// Runs until the user leaves or the terminal is gone.
  func run() {
    handle(.features(terminal.features))
    if state.gallery.current != nil { perform(state.reload()) }
    draw()
    while isRunning {
      if let event = terminal.nextEvent(timeout: timeout) {
        rightOfWay.take(for: Self.frameLimit)
        handle(.terminal(event))
      }
      // Everything that has arrived meanwhile goes into the same frame; a held key cannot outrun the screen.
      while isRunning, let event = terminal.nextEvent(timeout: .zero) { handle(.terminal(event)) }
      for event in mailbox.collect() { handle(event) }
      replay()
      if isMoving, clock.now >= nextTick {
        handle(.tick)
        nextTick = clock.now + Self.tickInterval
      }
      if let due = saveDue, clock.now >= due { perform([.save]) }
      if isRunning { draw() }
      rightOfWay.release()
    }
    engine.finish()
  }

  /// Whether something changes without an event: a spinner, a blinking pane, a slide show.
  private var isMoving: Bool {
    state.activity != nil || state.exportPath != nil || state.isSlideshowOn
      || state.evaluation != nil
      || state.comparison == .blink
  }

  /// How long to wait for an event: until the next tick, or for ever when nothing moves.
  private var timeout: Duration? {
    if !script.isEmpty { return .milliseconds(20) }
    let next = [isMoving ? nextTick : nil, saveDue].compactMap { $0 }.min()
    return next.map { max(.zero, $0 - clock.now) }
  }

  /// Replays the script up to a wait for something that is not there yet.
  private func replay() {
    while isRunning, let step = script.first {
      switch step {
      case .wait:
        guard state.isSettled else { return }
      case .key(let key): handle(.terminal(.key(key)))
      case .command(let name, let argument):
        if let command = CommandRegistry.command(named: name) {
          perform(ExplorerUpdate.perform(command, argument, on: &state))
        }
      }
      script.removeFirst()
    }
  }

  private func handle(_ event: ExplorerEvent) {
    switch event {
    case .terminal(.wake): handle(.features(terminal.features))
    case .terminal: saveDue = saveDue ?? clock.now + Self.saveDelay
    default: break
    }
    perform(ExplorerUpdate.update(&state, event))
  }

  private func draw() {
    let frames = terminal.traffic.framesDrawn
    terminal.draw(ExplorerScreen.draw(state, rasters))
    guard terminal.traffic.framesDrawn > frames else { return }
    handle(.measured(terminal.traffic))
    // The meter tells of the frame that has just gone out, in a small one of its own.
    if state.isMeterOn { terminal.draw(ExplorerScreen.draw(state, rasters)) }
  }

  private func perform(_ effects: [ExplorerEffect]) {
    for effect in effects {
      switch effect {
      case .show(let entry, let neighbours, let extras):
        engine.show(entry: entry, neighbours: neighbours, extras: extras)
      case .showAltered(let entry, let extras, let alteration):
        engine.show(entry: entry, extras: extras, alteration)
      case .reinfer(let request): engine.reinfer(request)
      case .cancelReinference: engine.cancelReinference()
      case .thumbnails(let entries):
        engine.makeThumbnails(entries.map { ($0, state.gallery.entries[$0].image) })
      case .export(let request):
        engine.export(request)
      case .figure(let request): engine.compose(request)
      case .edit(let request): engine.edit(request)
      case .saveTokens(let request): engine.saveTokens(request)
      case .cancelExport: engine.cancelExport()
      case .mark(let name, let isMarked): engine.mark(name, isMarked)
      case .evaluate: engine.evaluate()
      case .stopEvaluating: engine.stopEvaluating()
      case .scatter(let request): engine.scatter(request, entries: state.gallery.entries)
      case .stopScatter: engine.stopScatter()
      case .copy(let text):
        do throws(ClipboardFailure) {
          try terminal.copyToClipboard(text)
          state.say("copied")
        } catch {
          state.complain(error.description)
        }
      case .save:
        saveDue = nil
        do throws(FileFailure) { try memory?.save(state) } catch {
          state.complain(error.description)
        }
      case .setMouse(let isOn): terminal.setMouse(isOn ? .motion : .off)
      case .suspend: terminal.suspend()
      case .quit: isRunning = false
      }
    }
  }
}
