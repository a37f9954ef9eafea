import Core
import Viz

/// The line at the foot of a pane that says what its colours mean: verdicts with their shares, or a scale of values.
enum PaneLegend {
  /// A colour with words, from their longest form to their shortest.
  case swatches([Swatch])
  /// Values, with a slider where a threshold cuts them; the note has a longest and shorter forms.
  case scale(ColourMap, ValueRange = ValueRange(low: 0, high: 1), slider: Slider?, note: [String])
  /// Why there is nothing to tell.
  case nothing(String)

  struct Swatch: Equatable {
    let colour: RGB?
    let forms: [String]
  }

  struct Slider: Equatable {
    let threshold: Double
    /// What is drawn where a value lies below it.
    let mark: RGB
  }

  /// Whether a view's colours need words; class colours are in the classes panel.
  static func isNeeded(for view: PaneView) -> Bool {
    switch view {
    case .errors, .hits, .difference, .confidence, .entropy: true
    case .similarity, .nearest, .disagreement, .divergence, .split, .features, .attention: true
    case .mask, .probability: true
    case .image, .overlay, .prediction, .truth, .contours, .teacher: false
    }
  }

  /// The legend of what a pane shows; `nil` where it needs none, or has no answer yet.
  init?(_ state: ExplorerState, pane: Int) {
    guard let answer = state.answer(of: pane) else { return nil }
    let scheme = state.classes.scheme
    switch state.views[pane] {
    case .image, .overlay, .prediction, .truth, .contours, .teacher: return nil
    case .similarity, .nearest, .disagreement, .divergence, .split:
      self = .lens(state, answer, pane: pane)
    case .features: self = .features(state, pane: pane)
    case .attention: self = .attention(state, pane: pane)
    case .mask: self = .mask(state, answer)
    case .probability: self = .probability(state, pane: pane)
    case .errors:
      guard let counts = answer.counts else {
        self = .nothing("no labels")
        return
      }
      self = .errors(counts, pixels: answer.labels.values.count, scheme)
    case .hits:
      guard let counts = answer.counts else {
        self = .nothing("no labels")
        return
      }
      self = .hits(counts, of: state.classPanel.selected, scheme)
    case .difference:
      guard let truth = state.truth, state.slots.count > 1, let a = state.answer(of: 0),
        let b = state.answer(of: 1)
      else {
        self = .nothing(state.truth == nil ? "no labels" : "needs two answers")
        return
      }
      self = .difference(
        Judgement.differenceCounts(
          a.labels, b.labels, truth: truth, ignoreIndex: state.classes.ignoreIndex), scheme)
    case .confidence:
      guard let confidence = answer.certainty?.confidence else {
        self = .nothing("label maps from files have no probabilities")
        return
      }
      self = .confidence(
        confidence, Slider(threshold: state.threshold, mark: scheme.mark),
        state.heatColours.map(own: .viridis))
    case .entropy:
      guard let entropy = answer.certainty?.entropy else {
        self = .nothing("label maps from files have no probabilities")
        return
      }
      self = .entropy(
        entropy, classes: state.classes.names.count, state.heatColours.map(own: .magma))
    }
  }

  // MARK: - What is counted

  private static func errors(_ counts: ConfusionMatrix, pixels: Int, _ scheme: ColourScheme)
    -> Self
  {
    let counted = counts.counts.reduce(0, +)
    let ignored = pixels - Int(counted)
    let right = (0..<counts.classes).reduce(UInt64(0)) { $0 + counts.intersection($1) }
    func swatch(_ word: String, _ count: Int, _ verdict: Judgement.Verdict) -> Swatch {
      share(word, count, of: pixels, verdict.colour(scheme))
    }
    return .swatches(
      [swatch("right", Int(right), .right), swatch("wrong", Int(counted - right), .wrong)]
        + (ignored == 0 ? [] : [swatch("ignored", ignored, .ignored)]))
  }

  private static func hits(_ counts: ConfusionMatrix, of k: Int, _ scheme: ColourScheme) -> Self {
    let found = counts.intersection(k)
    func swatch(_ word: String, _ short: String, _ pixels: UInt64, _ verdict: Judgement.Verdict)
      -> Swatch
    {
      let number = Int(pixels).grouped
      let thousands = pixels < 10_000 ? "\(pixels)" : "\(pixels / 1000)k"
      return Swatch(
        colour: verdict.colour(scheme),
        forms: [
          "\(word) (\(short)) \(number) px", "\(word) \(number)", "\(short) \(pixels)",
          "\(short) \(thousands)", thousands,
        ])
    }
    let iou = counts.iou(k)
    let text = iou.isNaN ? "–" : (100 * iou).formatted(decimals: 1) + " %"
    return .swatches([
      swatch("found", "TP", found, .truePositive),
      swatch("false", "FP", counts.predicted(k) - found, .falsePositive),
      swatch("missed", "FN", counts.truth(k) - found, .falseNegative),
      Swatch(colour: nil, forms: Array(repeating: "IoU \(text)", count: 4) + [text]),
    ])
  }

  private static func difference(
    _ counts: (onlyFirst: Int, onlySecond: Int, both: Int, neither: Int, ignored: Int),
    _ scheme: ColourScheme
  ) -> Self {
    let pixels =
      counts.onlyFirst + counts.onlySecond + counts.both + counts.neither + counts.ignored
    func swatch(_ word: String, _ short: String, _ count: Int, _ verdict: Judgement.Verdict)
      -> Swatch
    {
      share(word, count, of: pixels, verdict.colour(scheme), short: short, countsPixels: true)
    }
    return .swatches(
      [
        swatch("only A right", "A", counts.onlyFirst, .onlyFirst),
        swatch("only B right", "B", counts.onlySecond, .onlySecond),
        swatch("both", "both", counts.both, .both),
        swatch("none", "none", counts.neither, .neither),
      ] + (counts.ignored == 0 ? [] : [swatch("ignored", "ign.", counts.ignored, .ignored)]))
  }

  private static func confidence(_ values: [Float], _ slider: Slider, _ map: ColourMap) -> Self {
    let threshold = Float(slider.threshold)
    var below = 0
    values.withUnsafeBufferPointer { values in
      for value in values where value < threshold { below += 1 }
    }
    func note(_ share: String, _ limit: Int) -> [String] {
      ["\(share) of the pixels below \(limit) %", "\(share) below \(limit) %", share]
    }
    let limit = Int((100 * slider.threshold).rounded())
    // As wide as the widest, so that the slider does not shrink or grow under the mouse.
    let forms = zip(note(percent(below, of: values.count), limit), note("100.0 %", 100))
    return .scale(
      map, slider: slider,
      note: forms.map { $0 + String(repeating: " ", count: $1.count - $0.count) })
  }

  private static func entropy(_ values: [Float], classes: Int, _ map: ColourMap) -> Self {
    var (sum, highest) = (Double(0), Float(0))
    values.withUnsafeBufferPointer { values in
      for value in values {
        sum += Double(value)
        highest = max(highest, value)
      }
    }
    let mean = "mean \((sum / Double(max(1, values.count))).formatted(decimals: 3))"
    let top = Double(highest).formatted(decimals: 2)
    return .scale(
      map, slider: nil,
      note: ["\(mean), highest \(top), in units of ln \(classes)", "\(mean), highest \(top)", mean])
  }

  /// "right 93.1 % (643 201 px)", shorter where there is less room.
  static func share(
    _ word: String, _ count: Int, of pixels: Int, _ colour: RGB?, short: String? = nil,
    countsPixels: Bool = false
  ) -> Swatch {
    let text = percent(count, of: pixels)
    let whole = (100 * Double(count) / Double(max(1, pixels))).formatted(decimals: 0)
    let full = countsPixels ? ["\(word) \(text) (\(count.grouped) px)"] : []
    return Swatch(
      colour: colour,
      forms: full + [
        "\(word) \(text)", "\(short ?? word) \(text)", "\(short ?? word) \(whole)%", whole,
      ])
  }

  static func percent(_ count: Int, of all: Int) -> String {
    (100 * Double(count) / Double(max(1, all))).formatted(decimals: 1) + " %"
  }
}
