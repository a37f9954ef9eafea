import Core

/// The one place that changes the state: an event in, effects out; nothing is read or written here.
enum ExplorerUpdate {
  /// Applies `event` to the state and says what is to be done in the world.
  static func update(_ state: inout ExplorerState, _ event: ExplorerEvent) -> [ExplorerEffect] {
    asking(&state) { apply(&$0, event) }
  }

  /// Runs a command as its key would.
  static func perform(
    _ command: ExplorerCommand, _ argument: String, on state: inout ExplorerState
  ) -> [ExplorerEffect] {
    asking(&state) { command.perform(&$0, argument) }
  }

  /// What `change` asks for, and the open image once more where a view needs more of its answers than was asked before.
  private static func asking(
    _ state: inout ExplorerState, _ change: (inout ExplorerState) -> [ExplorerEffect]
  ) -> [ExplorerEffect] {
    let before = state.extras
    var effects = change(&state)
    let isAsked = effects.contains {
      switch $0 {
      case .show, .showAltered: true
      default: false
      }
    }
    if !before.isSuperset(of: state.extras), !isAsked, state.gallery.current != nil {
      effects += state.refresh()
    }
    return effects + state.askForEdits() + state.askForThumbnails()
  }

  /// Applies an event, which tells of the models and pictures as `alteration` has them.
  private static func apply(
    _ state: inout ExplorerState, _ event: ExplorerEvent, _ alteration: Alteration = Alteration()
  ) -> [ExplorerEffect] {
    switch event {
    case .altered(let alteration, let event): return apply(&state, event, alteration)
    case .reinferred(let request, let slot, let labels):
      state.take(labels, of: slot, for: request)
    case .reinferenceFailed(let request, let message): state.fail(request, message)
    case .terminal(let event): return terminal(&state, event)
    case .decoded(let entry, let picture, let truth, let note):
      guard entry == state.shown.entry, alteration == state.alteration else { return [] }
      if alteration != state.shown.alteration {
        state.shown.answers = state.slots.map { _ in [:] }
        state.shown.alteration = alteration
      }
      state.shown.picture = picture
      state.shown.truth = truth
      state.shown.note = note
      state.enterBlobs()
      if let note { state.complain(note) }
      if let cursor = state.cursor, cursor.x >= picture.width || cursor.y >= picture.height {
        state.cursor = nil
      }
    case .answered(let entry, let slot, let answer):
      guard entry == state.shown.entry, state.shown.answers.indices.contains(slot),
        alteration == state.alteration
      else { return [] }
      state.answerCount += 1
      state.shown.take(answer, of: slot, number: state.answerCount)
      state.whatIf.asked[slot] = nil
      if let counts = answer.counts, answer.outputStride == state.slots[slot].finestStride,
        alteration.isNone
      {
        state.seen[slot].add(ImageConfusion(counts), of: entry)
      }
      state.enterBlobs()
    case .failed(let entry, let message):
      if entry == state.shown.entry {
        state.shown.failure = message
        state.complain([state.shown.note, message].compactMap { $0 }.joined(separator: " · "))
      }
    case .learnt(let entry, let facts, let counts):
      state.gallery.learn(facts, of: entry)
      for (slot, counts) in counts.enumerated() {
        if let confusion = counts.confusion { state.seen[slot].add(confusion, of: entry) }
        if let split = counts.split { state.seen[slot].add(split, of: entry) }
      }
    case .counted(let slot, let images):
      for image in images { state.seen[slot].add(image.confusion, of: image.entry) }
      state.gallery.learn(
        images.map { ($0.entry, $0.scores) }, slot: slot, of: state.slots.count)
    case .replaced(let slot, let message):
      let given = state.forgetModel(of: slot)
      state.say(message)
      return state.gallery.current == nil ? given : given + state.refresh()
    case .tokens(let slot, let tokens, let file): state.learn(tokens, of: slot, from: file)
    case .edited(let outcome): state.whatIf.take(outcome)
    case .marked(let names): state.gallery.join(marks: names)
    case .evaluated(let progress, let message):
      // What was posted before a stop must not begin it again.
      if progress == nil || state.evaluation != nil { state.evaluation = progress }
      if let message { state.say(message) }
    case .scattered(let report): state.note(report)
    case .activity(let activity): state.activity = activity
    case .thumbnail(let entry, let picture):
      state.askedThumbnails.remove(entry)
      if let picture {
        state.thumbnails[entry] = picture
      } else {
        state.failedThumbnails.insert(entry)
      }
    case .composed(let done, let total):
      if state.exportPath != nil { state.exportProgress = (done, total) }
    case .exported(let text, let isError):
      (state.exportPath, state.exportProgress) = (nil, nil)
      if isError { state.complain(text) } else { state.say(text) }
    case .measured(let traffic): state.measure(traffic)
    case .features(let features):
      state.features = features
      state.glyphs = features.nearest(to: state.glyphs)
    case .message(let text, let isError):
      if isError { state.complain(text) } else { state.say(text) }
    case .tick: return tick(&state)
    }
    return []
  }

  /// How many ticks (ten a second) a slide stays.
  private static let slideTicks = 30

  private static func tick(_ state: inout ExplorerState) -> [ExplorerEffect] {
    state.ticks += 1
    if state.ticks % state.blinkTicks == 0 { state.blinkPhase = 1 - state.blinkPhase }
    guard state.isSlideshowOn, state.ticks % slideTicks == 0 else { return [] }
    if state.gallery.position == state.gallery.listed.count - 1 {
      state.isSlideshowOn = false
      return []
    }
    return state.open { $0.move(by: 1) }
  }

  private static func terminal(_ state: inout ExplorerState, _ event: TerminalEvent)
    -> [ExplorerEffect]
  {
    switch event {
    case .key(let key): return press(&state, key)
    case .mouse(let mouse): return state.handle(mouse)
    case .resize(let columns, let rows):
      (state.columns, state.rows) = (columns, rows)
      return []
    case .paste(let text):
      return text.filter { !$0.isNewline }.reduce(into: []) { effects, character in
        if state.dialog != .none { effects += DialogUpdate.press(&state, Key(character)) }
      }
    case .hangup: return [.save, .quit]
    case .focus, .resumed, .wake: return []
    }
  }

  /// A key: the open dialog sees it first, then the registry.
  private static func press(_ state: inout ExplorerState, _ key: Key) -> [ExplorerEffect] {
    if state.dialog != .none { return DialogUpdate.press(&state, key) }
    guard let command = state.bindings.command(for: key, in: state.mode) else {
      state.say("\(key.label) does nothing here; ? lists the keys")
      return []
    }
    if command.name != "back" { state.message = nil }
    return command.perform(&state, "")
  }
}
