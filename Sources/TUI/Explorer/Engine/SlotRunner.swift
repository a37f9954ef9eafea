import Core
import Foundation

/// Makes a slot's answers: runs its model, which is loaded at the first picture, or finds its files.
struct SlotRunner {
  private let source: SlotSource
  private let threads: Threads
  /// Told of the class tokens whenever the model has been loaded.
  private let learnt: @Sendable (ClassTokens) -> Void
  private var segmenter: Segmenter?
  /// The same model without some of its parts.
  private var ablated: Segmenter?

  init(
    _ source: SlotSource, threads: Threads, learnt: @escaping @Sendable (ClassTokens) -> Void
  ) {
    self.source = source
    self.threads = threads
    self.learnt = learnt
  }

  /// Answers for one picture with `extras`, coarse to fine, leaving out those that `known` has already.
  mutating func predict(
    _ name: String, _ picture: Picture, _ truth: LabelMap?, _ classes: ClassList,
    known: [Int: Answer], extras: Answer.Extras, without ablation: Ablation = [],
    begin: (String) -> Void, isStale: () -> Bool, answer: (Answer) -> Void
  ) throws {
    switch source {
    case .folder(let path, _):
      if known.isEmpty { answer(try fileAnswer(name, in: path, picture, truth, classes)) }
    case .model(let configuration, _):
      let strides = configuration.outputStrides.filter {
        known[$0].map { !$0.extras.isSuperset(of: extras) } ?? true
      }
      guard !strides.isEmpty else { return }
      if segmenter == nil { begin("loading \(configuration.name)") }
      guard let segmenter = try loaded(without: ablation) else { return }
      begin("\(configuration.name)")
      var run = StageRun(segmenter, picture, truth, classes, extras: extras)
      if let teacher = configuration.teacherStride, !strides.contains(teacher) {
        run.teacher = known[teacher]?.logits
      }
      try run.answer(at: strides, isStale: isStale, answer)
    }
  }

  /// Whether the slot is a model, which has features.
  var isModel: Bool {
    if case .model = source { true } else { false }
  }

  /// The features of a picture at the model's finest stride.
  mutating func features(of picture: Picture, isStale: () -> Bool) throws -> FeatureMap {
    guard let segmenter = try loaded() else { preconditionFailure("a model gives a segmenter") }
    return try segmenter.features(of: picture, isCancelled: isStale)
  }

  /// Lets go of the model: its file has been replaced, and the next picture reads the new one.
  mutating func forget() { (segmenter, ablated) = (nil, nil) }

  /// The classes of a part of a picture from that part alone; `nil` of a folder.
  mutating func labels(
    of picture: Picture, in region: PixelRegion, scale: Double, outputStride: Int,
    without ablation: Ablation, isStale: () -> Bool
  ) throws -> LabelMap? {
    try loaded(without: ablation)?.labels(
      of: picture, in: region, scale: scale, outputStride: outputStride, isCancelled: isStale)
  }

  /// The model without what it has of some parts.
  private mutating func loaded(without ablation: Ablation) throws -> Segmenter? {
    guard let whole = try loaded() else { return nil }
    let parts = ablation.intersection(whole.model.configuration.removableParts)
    if parts.isEmpty { return whole }
    if let ablated, ablated.ablation == parts { return ablated }
    let segmenter = Segmenter(whole.model, threads: threads, without: parts)
    ablated = segmenter
    return segmenter
  }

  /// The model, made ready; `nil` for a folder of predictions.
  private mutating func loaded() throws -> Segmenter? {
    if segmenter == nil, case .model(_, let reference) = source {
      let model = try reference.load(threads: threads)
      segmenter = Segmenter(model, threads: threads)
      learnt(model.classTokens)
    }
    return segmenter
  }

  /// What the slot's prediction of an image at its finest stride counts, as `hfgd eval` has it.
  mutating func counts(
    of sample: Sample, _ description: RunDescription, isStale: () -> Bool
  ) throws -> ImageCounts {
    let subject: EvaluationSubject.Source
    switch source {
    case .folder(let path, _): subject = .predictions(PredictionFolder(path: path))
    case .model:
      guard let segmenter = try loaded() else { preconditionFailure("a model gives a segmenter") }
      subject = .model(
        segmenter, outputStride: description.outputStride,
        conditions: Conditions(rules: segmenter.model.configuration.rules))
    }
    return try EvaluationSubject(subject, description).counts(
      of: sample, classes: description.classes.count, ignoreIndex: description.ignoreIndex,
      extras: ImageCounts.Extras(rawValue: description.extras),
      boundaryRatio: description.boundaryRatio, isCancelled: isStale
    ).counts
  }

  private func fileAnswer(
    _ name: String, in folder: String, _ picture: Picture, _ truth: LabelMap?, _ classes: ClassList
  ) throws -> Answer {
    let labels = try PredictionFolder(path: folder).readLabels(of: name)
    guard labels.width == picture.width && labels.height == picture.height else {
      throw SizeMismatch(path: folder.appendingPath(name), found: (labels.width, labels.height))
    }
    return Answer(
      outputStride: 0, labels: labels, certainty: nil, logits: nil,
      frame: InputFrame(width: 0, height: 0),
      counts: truth.map { classes.counts(labels, $0) }, milliseconds: 0, extras: .all)
  }
}

/// A predicted label map that has another size than its picture.
private struct SizeMismatch: Error, CustomStringConvertible {
  let path: String
  let found: (Int, Int)
  var description: String {
    "\(path) is \(found.0)×\(found.1), not the picture's size; predict at the picture's size"
  }
}
