import Core
import Foundation

/// Makes a slot's answers: runs its model, which is loaded at the first picture, or finds its files.
struct SlotRunner {
  private let source: SlotSource
  private let threads: Threads
  /// Told of the class tokens, and of the file that they are from, whenever the model has been loaded.
  private let learnt: @Sendable (ClassTokens, FileStamp?) -> Void
  /// How much memory there is, in bytes.
  private let available: @Sendable () -> Int
  private var segmenter: Segmenter?
  /// The file that the model was read from; `nil` for none, and for one that was replaced while it was read.
  private(set) var stamp: FileStamp?
  /// The same model without some of its parts.
  private var ablated: Segmenter?

  init(
    _ source: SlotSource, threads: Threads,
    learnt: @escaping @Sendable (ClassTokens, FileStamp?) -> Void,
    available: @escaping @Sendable () -> Int = { WorkingMemory.available }
  ) {
    self.source = source
    self.threads = threads
    self.learnt = learnt
    self.available = available
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
      guard let finest = strides.last else { return }
      if segmenter == nil { begin("loading \(configuration.name)") }
      guard let segmenter = try loaded(without: ablation) else { return }
      try checkMemory(
        segmenter, width: picture.width, height: picture.height, outputStride: finest)
      begin("\(configuration.name)")
      var run = StageRun(segmenter, picture, truth, classes, extras: extras)
      if let teacher = configuration.teacherStride, !strides.contains(teacher) {
        run.teacher = known[teacher]?.logits
      }
      try run.answer(at: strides, isStale: isStale, answer)
    }
  }

  /// The features of a picture at the model's finest stride.
  mutating func features(of picture: Picture, isStale: () -> Bool) throws -> FeatureMap {
    guard let segmenter = try loaded() else { preconditionFailure("a model gives a segmenter") }
    let configuration = segmenter.model.configuration
    try checkMemory(
      segmenter, width: picture.width, height: picture.height,
      outputStride: configuration.outputStrides.last ?? configuration.outputStride)
    return try segmenter.features(of: picture, isCancelled: isStale)
  }

  /// Lets go of the model: its file has been replaced, and the next picture reads the new one.
  mutating func forget() { (segmenter, ablated, stamp) = (nil, nil, nil) }

  /// The classes of a part of a picture from that part alone; `nil` of a folder.
  mutating func labels(
    of picture: Picture, in region: PixelRegion, scale: Double, outputStride: Int,
    without ablation: Ablation, isStale: () -> Bool
  ) throws -> LabelMap? {
    guard let segmenter = try loaded(without: ablation) else { return nil }
    let seen = region.withContext(width: picture.width, height: picture.height)
    var rules = segmenter.model.configuration.rules
    rules.scales = [scale]
    try checkMemory(
      segmenter, width: seen.x.count, height: seen.y.count, rules: rules,
      outputStride: outputStride, remedy: "zoom in, or start with fewer --threads")
    return try segmenter.labels(
      of: picture, in: region, scale: scale, outputStride: outputStride, isCancelled: isStale)
  }

  /// Throws where a run needs more memory than there is: past its end the system would end the program without a word.
  private func checkMemory(
    _ segmenter: Segmenter, width: Int, height: Int, rules: InferenceProtocol? = nil,
    outputStride: Int, remedy: String = "scale the picture down, or start with fewer --threads"
  ) throws(TooLittleMemory) {
    do throws(TooLittleMemory) {
      try segmenter.checkMemory(
        width: width, height: height, rules: rules, outputStride: outputStride,
        available: available())
    } catch {
      var failure = error
      failure.remedy = remedy
      throw failure
    }
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
      let before = source.stamp
      let model = try reference.load(threads: threads)
      segmenter = Segmenter(model, threads: threads)
      stamp = before == source.stamp ? before : nil
      learnt(model.classTokens, stamp)
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
