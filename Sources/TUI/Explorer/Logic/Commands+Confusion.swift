import Core
import Viz

/// Which class is taken for which: the matrix over the images seen, and the way through the blobs of one confusion.
let confusionCommands: [ExplorerCommand] = [
  ExplorerCommand(
    "confusion", "which class is taken for which; Enter opens the images", .confusion, [Key("E")]
  ) { state, _ in state.toggleConfusion() },
  ExplorerCommand(
    "evaluate", "count all images beside the screen and keep it; or stop that", .confusion, []
  ) { state, _ in
    if state.evaluation != nil {
      state.evaluation = nil
      state.say("stopped; what was counted is kept, evaluate goes on with it")
      return [.stopEvaluating]
    }
    guard state.gallery.entries.contains(where: { $0.label != nil }) else {
      state.complain("the images have no labels to count against; name them with --labels")
      return []
    }
    state.evaluation = (0, state.gallery.entries.count * state.slots.count)
    return [.evaluate]
  },
  ExplorerCommand(
    "blob.next", "in the images of a confusion: its next blob", .confusion, [Key("n")], in: .walk
  ) { state, _ in state.walk(by: 1) },
  ExplorerCommand(
    "blob.previous", "in the images of a confusion: the blob before", .confusion, [Key("N")],
    in: .walk
  ) { state, _ in state.walk(by: -1) },
]

extension ExplorerState {
  /// The matrix of what the acting slot has predicted so far.
  var confusionChart: ConfusionChart { confusionChart(of: actingSlot) }

  private func confusionChart(of slot: Int) -> ConfusionChart {
    ConfusionChart(seen[slot].total, names: classes.names)
  }

  fileprivate mutating func toggleConfusion() -> [ExplorerEffect] {
    if walk != nil { return endWalk() }
    guard confusion == nil else {
      confusion = nil
      return []
    }
    guard !seen[actingSlot].images.isEmpty else {
      complain("nothing is counted yet; open images that have labels")
      return []
    }
    uncover()
    confusion = confusionChart.largestError ?? Confusion(truth: 0, prediction: 0)
    return []
  }

  /// Moves the matrix's cursor by rows and columns, stopping at the edges.
  mutating func moveConfusion(_ dx: Int, _ dy: Int) {
    guard let pair = confusion else { return }
    let chart = confusionChart
    confusion = Confusion(
      truth: min(max(pair.truth + dy, 0), chart.rows.count - 1),
      prediction: min(max(pair.prediction + dx, 0), chart.columns.count - 1))
  }

  /// Opens the images of the matrix's cursor, and the largest blob of the first of them.
  mutating func startWalk() -> [ExplorerEffect] {
    guard let pair = confusion else { return [] }
    let effects = startWalk(pair, slot: actingSlot)
    if walk != nil { confusion = nil }
    return effects
  }

  /// Opens the images of a pair in a slot's predictions; where there are none, that is told and nothing happens.
  mutating func startWalk(_ pair: Confusion, slot: Int, isFromBench: Bool = false)
    -> [ExplorerEffect]
  {
    let images = seen[slot].images(with: pair)
    guard !images.isEmpty else {
      say("\(confusionWords(pair, of: slot)); there is nothing to open")
      return []
    }
    walk = ConfusionWalk(
      slot: slot, confusion: pair, isFromBench: isFromBench, filter: gallery.filter,
      viewport: viewport, cursor: cursor)
    focusedPane = slots.count > 1 ? slot : focusedPane
    focus = .picture
    let effects = open { $0.narrow(to: images.map(\.entry)) }
    enterBlobs()
    return effects
  }

  /// Back to the matrix or the bench, with the list and the view as they were.
  mutating func endWalk() -> [ExplorerEffect] {
    guard let ended = walk else { return [] }
    walk = nil
    let effects = open { gallery in
      gallery.narrow(to: nil)
      gallery.setFilter(ended.filter)
    }
    viewport = ended.viewport
    // The image that is open now may be smaller than the one where the cursor stood.
    cursor = ended.cursor.flatMap { point in
      guard let picture = shown.picture, point.x < picture.width, point.y < picture.height else {
        return nil
      }
      return point
    }
    focus = .list
    if ended.isFromBench {
      bench.isOpen = true
    } else {
      confusion = ended.confusion
      // What was counted meanwhile, or another slot, may have no such row or column.
      moveConfusion(0, 0)
    }
    return effects
  }

  /// Goes to the blob so many places further, at the ends of an image's blobs to the image beside it.
  fileprivate mutating func walk(by offset: Int) -> [ExplorerEffect] {
    guard let walk else {
      complain("choose a confusion first: open the matrix, then Enter")
      return []
    }
    let place = walk.place + offset
    if let blobs = walk.blobs, blobs.indices.contains(place) {
      self.walk?.place = place
      showBlob()
      return []
    }
    guard let image = gallery.position, gallery.listed.indices.contains(image + offset) else {
      say(offset > 0 ? "this is the last blob" : "this is the first blob")
      return []
    }
    self.walk?.entersAtEnd = offset < 0
    return open { $0.move(by: offset) }
  }

  /// Finds the blobs of the open image once it is read and finally answered, and shows the first of them.
  mutating func enterBlobs() {
    guard var walk, walk.blobs == nil, !shown.outdated.contains(walk.slot),
      let truth = shown.truth,
      let answer = shown.answers[walk.slot][slots[walk.slot].finestStride]
    else { return }
    let blobs = Blob.all(
      of: walk.confusion, truth: truth, prediction: answer.labels, classes: classes.names.count,
      ignoreIndex: classes.ignoreIndex)
    walk.blobs = blobs
    walk.place = walk.entersAtEnd ? max(0, blobs.count - 1) : 0
    walk.entersAtEnd = false
    self.walk = walk
    showBlob()
  }

  /// Puts the blob into the middle, which it fills by half.
  private mutating func showBlob() {
    guard let blob = walk?.blob, let picture = shown.picture else { return }
    let point = blob.middle
    cursor = point
    // Of very small ones, some surroundings tell what they are.
    let (columns, rows) = (max(blob.columns.count, 16), max(blob.rows.count, 16))
    viewport = Viewport(
      zoom: min(
        Double(picture.width) / Double(2 * columns), Double(picture.height) / Double(2 * rows)),
      centreX: (Double(point.x) + 0.5) / Double(picture.width),
      centreY: (Double(point.y) + 0.5) / Double(picture.height))
  }

  /// A pair in short: "Pole → Building".
  func confusionName(_ pair: Confusion) -> String {
    [pair.truth, pair.prediction].map(className).joined(separator: " → ")
  }

  private func className(_ k: Int) -> String {
    classes.names.indices.contains(k) ? classes.names[k] : "no class"
  }

  /// What the matrix tells of a pair: "Pole is taken for Building: 31.2 % of Pole, 1234 pixels in 7 images".
  func confusionWords(_ pair: Confusion, of slot: Int? = nil) -> String {
    let slot = slot ?? actingSlot
    let (truth, prediction) = (className(pair.truth), className(pair.prediction))
    let share = confusionChart(of: slot).share(pair)
    if share.isNaN { return "\(truth) is true nowhere so far" }
    let what =
      pair.truth == pair.prediction ? "\(truth) is right" : "\(truth) is taken for \(prediction)"
    if share == 0 { return "\(what) nowhere so far" }
    let tally = seen[slot]
    let pixels = Int(tally.total[pair.truth, pair.prediction])
    let images = tally.images.values.count { $0.pixels(of: pair) > 0 }
    return "\(what): \((100 * share).formatted(decimals: 1)) % of \(truth), "
      + "\(pixels.counted("pixel")) in \(images.counted("image"))"
  }
}
