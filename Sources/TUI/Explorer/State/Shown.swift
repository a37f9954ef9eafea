import Core

/// What is known of the open image; it grows while the engine works.
struct Shown: Sendable {
  /// Index of the entry.
  let entry: Int
  /// What was altered for what is known.
  var alteration = Alteration()
  var picture: Picture?
  var truth: LabelMap?
  /// For each slot the answers so far, by output stride (0 for a folder of predictions).
  var answers: [[Int: Answer]]
  /// For each slot the number of its latest answer, so that what is drawn of one is not taken for another's.
  var revisions: [Int]
  /// The slots whose answers are a model's that another one has taken the place of.
  var outdated: Set<Int> = []
  /// Why its labels are not used, or what is odd about them.
  var note: String?
  /// What went wrong with this image.
  var failure: String?

  init(entry: Int, slots: Int) {
    self.entry = entry
    answers = Array(repeating: [:], count: slots)
    revisions = Array(repeating: 0, count: slots)
  }

  /// Takes up a slot's answer, the `number`th of all; an older model's go with the first of a newer one.
  mutating func take(_ answer: Answer, of slot: Int, number: Int) {
    if outdated.remove(slot) != nil { answers[slot] = [:] }
    answers[slot][answer.outputStride] = answer
    revisions[slot] = number
  }

  /// The answer to show of a slot: the pinned stride's, else the finest that there is.
  func answer(of slot: Int, pinned: Int?) -> Answer? {
    guard answers.indices.contains(slot) else { return nil }
    if let pinned, let answer = answers[slot][pinned] { return answer }
    return answers[slot].values.min { $0.outputStride < $1.outputStride }
  }

  /// The teacher's answer of a slot, where a finer one is shown.
  func teacher(of slot: Int) -> Answer? {
    answers.indices.contains(slot) ? answers[slot].values.first(where: \.isTeacher) : nil
  }
}

/// A slot's prediction of one image at one output stride.
struct Answer: Sendable {
  /// 32, 4 or 2; 0 for a predicted label map from a file.
  let outputStride: Int
  /// Whether it is what students are compared with.
  var isTeacher = false
  var labels: LabelMap
  /// How sure each pixel is; unknown for files.
  let certainty: Certainty?
  /// The logits on their own grid, and the network's input, which it covers.
  let logits: Tensor?
  let frame: InputFrame
  /// Counts against the truth, where there is one.
  var counts: ConfusionMatrix?
  let milliseconds: Double
  /// What was asked for besides, and is there as far as the model has it.
  var extras: Extras = []
  /// What the class tokens are compared with.
  var features: FeatureMap?
  /// The class whose token is nearest, pixel by pixel.
  var nearest: LabelMap?
  /// KL divergence in nats from the teacher's probabilities, pixel by pixel; a student's alone.
  var divergence: [Float]?

  /// The components of the features.
  var components: FeatureComponents?
  /// What the attention layers see that lie between this stage and the one before.
  var attention: [AttentionMap] = []
  /// What each class's query finds, of a model that makes masks.
  var masks: QueryMasks?

  /// What is worked out only where something on the screen needs it, for its price in memory.
  struct Extras: OptionSet, Sendable, Equatable {
    let rawValue: UInt8
    /// Features and nearest tokens: four bytes a cell of the grid and dimension of the model.
    static let features = Extras(rawValue: 1)
    /// Four bytes a pixel.
    static let divergence = Extras(rawValue: 2)
    /// Features and their principal components.
    static let components = Extras(rawValue: 16)
    /// As much as the features.
    static let attention = Extras(rawValue: 32)
    /// Four bytes a class of every 256 pixels.
    static let masks = Extras(rawValue: 4)
    static let all: Extras = [.features, .divergence, .components, .attention, .masks]
  }

  /// The classes of pixel (x, y) with their probabilities, most likely first; a file knows only its class.
  func ranking(x: Int, y: Int) -> [(classIndex: Int, probability: Float)] {
    guard let logits else { return [(Int(labels[x, y]), 1)] }
    let p = logits.probabilities(x: x, y: y, frame: frame)
    return p.indices.map { ($0, p[$0]) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }
}
