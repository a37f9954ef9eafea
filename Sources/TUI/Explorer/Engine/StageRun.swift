import Core

/// One run of a model on a picture: an answer at each output stride, coarse to fine, as soon as it is there.
struct StageRun {
  private let segmenter: Segmenter
  private let picture: Picture
  private let truth: LabelMap?
  private let classes: ClassList
  private let extras: Answer.Extras
  /// The teacher's logits, which students are compared with.
  var teacher: Tensor?

  init(
    _ segmenter: Segmenter, _ picture: Picture, _ truth: LabelMap?, _ classes: ClassList,
    extras: Answer.Extras
  ) {
    self.segmenter = segmenter
    self.picture = picture
    self.truth = truth
    self.classes = classes
    self.extras = extras
  }

  /// Runs the model up to the last of `strides` and tells `answer` of each.
  mutating func answer(
    at strides: [Int], isStale: () -> Bool, _ answer: (Answer) -> Void
  ) throws(Cancelled) {
    let start = ContinuousClock.now
    // What leads to a stage's logits is there before them.
    var before = Before()
    let outputs = strides.flatMap { stride -> [Segmenter.Output] in
      let needsFeatures = !extras.isDisjoint(with: [.features, .components])
      return (needsFeatures ? [.features(outputStride: stride)] : [])
        + layers(before: stride).map(Segmenter.Output.attended)
        + (makesMasks ? [.masks, .maskClasses] : [])
        + [.logits(outputStride: stride)]
    }
    try segmenter.run(picture, outputs: outputs, isCancelled: isStale) { index, output in
      switch outputs[index] {
      case .features:
        before.features = segmenter.featureMap(output, of: picture)
      case .attended(let layer):
        before.attention.append(
          AttentionMap(
            layer, of: segmenter.model, reading: Tensor(copying: output), frame: frame,
            width: picture.width, height: picture.height))
      case .logits(let stride):
        answer(made(of: output, at: stride, before, since: start))
        before.attention = []
      case .masks: before.masks = Tensor(copying: output)
      case .maskClasses: before.maskClasses = Tensor(copying: output)
      }
    } read: { _ in
    }
  }

  /// What was worked out before a stage's logits.
  private struct Before {
    var features: FeatureMap?
    var attention: [AttentionMap] = []
    var masks, maskClasses: Tensor?
  }

  /// Whether masks are wanted, and made.
  private var makesMasks: Bool {
    extras.contains(.masks) && segmenter.model.configuration.decoder != nil
  }

  private var frame: InputFrame {
    segmenter.frame(width: picture.width, height: picture.height)
  }

  /// The attention layers between the stage before and this one, if they are wanted.
  private func layers(before stride: Int) -> [AttentionLayer] {
    guard extras.contains(.attention) else { return [] }
    let configuration = segmenter.model.configuration
    let isFirst = stride == configuration.outputStrides.first
    return configuration.attentionLayers.filter { layer in
      layer == .axial(outputStride: stride) || layer == .context && isFirst
    }
  }

  private mutating func made(
    of logits: TensorView, at stride: Int, _ before: Before,
    since start: ContinuousClock.Instant
  ) -> Answer {
    let labels = segmenter.labels(logits, width: picture.width, height: picture.height)
    let elapsed = (ContinuousClock.now - start) / .milliseconds(1)
    let logits = Tensor(copying: logits)
    let isTeacher = stride == segmenter.model.configuration.teacherStride
    if isTeacher { teacher = logits }
    return Answer(
      outputStride: stride, isTeacher: isTeacher, labels: labels,
      certainty: segmenter.certainty(logits, width: picture.width, height: picture.height),
      logits: logits, frame: frame, counts: truth.map { classes.counts(labels, $0) },
      milliseconds: elapsed, extras: extras, features: before.features,
      nearest: extras.contains(.features)
        ? before.features?.nearestTokens(segmenter.model.classTokens, threads: segmenter.threads)
        : nil,
      divergence: isTeacher ? nil : divergence(of: logits),
      components: extras.contains(.components)
        ? before.features.map { FeatureComponents(fitting: $0, threads: segmenter.threads) } : nil,
      attention: before.attention, masks: masks(before))
  }

  private func masks(_ before: Before) -> QueryMasks? {
    guard let masks = before.masks, let classes = before.maskClasses else { return nil }
    return QueryMasks(
      masks, classes: classes, width: picture.width, height: picture.height)
  }

  private func divergence(of logits: Tensor) -> [Float]? {
    guard extras.contains(.divergence), let teacher else { return nil }
    return Divergence.fromTeacher(
      student: logits, teacher: teacher, frame: frame, width: picture.width,
      height: picture.height, threads: segmenter.threads)
  }
}

extension ClassList {
  /// What a prediction counts against the truth of its image.
  func counts(_ labels: LabelMap, _ truth: LabelMap) -> ConfusionMatrix {
    var matrix = ConfusionMatrix(classes: names.count)
    matrix.add(prediction: labels, truth: truth, ignoreIndex: ignoreIndex)
    return matrix
  }
}
