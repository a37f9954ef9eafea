import Core

/// What is measured: a model, or label maps that some other program predicted.
struct EvaluationSubject {
  enum Source {
    case model(Segmenter, outputStride: Int, conditions: Conditions)
    case predictions(PredictionFolder)
  }

  let source: Source
  /// The model's name, or the folder's.
  let name: String
  /// What tells its weights or files from others.
  let identity: String
  /// The model's classes; `nil` for predictions, whose classes are the data set's.
  let classes: ClassTable?

  /// The stride that is predicted at; 0 for predictions from files.
  var outputStride: Int {
    if case .model(_, let stride, _) = source { stride } else { 0 }
  }

  /// The protocol, and what is not as usual, in one line.
  var rules: String {
    if case .model(_, _, let conditions) = source {
      conditions.description
    } else {
      Self.rulesOfPredictions
    }
  }

  /// What stands for a protocol where nothing is predicted.
  static let rulesOfPredictions = "predictions from files"

  /// Loads what `reference` names, a model to be run under its `conditions`; a folder is one of predictions.
  init(
    _ reference: ModelReference, stage: StageOptions,
    _ conditions: (ModelConfiguration) -> Conditions, threads: Threads
  ) throws {
    if Folder.exists(reference.name) {
      let folder = PredictionFolder(path: reference.name)
      do throws(DataSetFailure) { identity = try folder.fingerprint() } catch {
        throw CommandFailure(error)
      }
      source = .predictions(folder)
      name = reference.name
      classes = nil
      return
    }
    let model = try reference.load(threads: threads)
    let stride = try stage.outputStride(of: model.configuration)
    let conditions = conditions(model.configuration)
    try conditions.check(model.configuration)
    source = .model(
      Segmenter(model, threads: threads, without: conditions.ablation), outputStride: stride,
      conditions: conditions)
    name = model.configuration.name
    identity = try reference.identity()
    classes = model.configuration.classTable
  }

  /// A subject that is at hand already, as a run describes it.
  init(_ source: Source, _ description: RunDescription) {
    self.source = source
    name = description.name
    identity = description.identity
    classes = nil
  }

  /// The same subject that sees its pictures corrupted; label maps from files stay as they are.
  func seeing(_ corruption: Corruption?) -> EvaluationSubject {
    guard case .model(let segmenter, let stride, var conditions) = source else { return self }
    conditions.corruption = corruption
    return EvaluationSubject(
      source: .model(segmenter, outputStride: stride, conditions: conditions), name: name,
      identity: identity, classes: classes)
  }

  private init(source: Source, name: String, identity: String, classes: ClassTable?) {
    self.source = source
    self.name = name
    self.identity = identity
    self.classes = classes
  }

  /// Why an image has no counts.
  enum Failure: Error {
    case cancelled
    case unusable(String)
  }

  /// What was counted on an image.
  struct Counted {
    let counts: ImageCounts
    /// Whether the labels have another size than the picture, so that the prediction was made at theirs.
    let isResized: Bool
  }

  /// The counts of one image, whose prediction is made at the label's own size.
  func counts(
    of sample: Sample, classes: Int, ignoreIndex: Int, extras: ImageCounts.Extras,
    boundaryRatio: Double, isCancelled: () -> Bool
  ) throws(Failure) -> Counted {
    let truth: LabelMap
    var instances: LabelMap?
    do throws(ImageFailure) {
      guard let labels = try sample.readLabels() else {
        throw ImageFailure.file(.missing(path: "the labels of \(sample.name)"))
      }
      truth = labels
      if extras.contains(.instances) { instances = try sample.readInstances() }
    } catch {
      throw .unusable(error.description)
    }
    if extras.contains(.instances) && instances == nil {
      throw .unusable("\(sample.name): there is no map of instances; leave out --metrics instances")
    }
    let prediction = try prediction(
      of: sample, width: truth.width, height: truth.height,
      withConfidence: extras.contains(.calibration), isCancelled: isCancelled)
    let counts = ImageCounts(
      prediction: prediction.labels, truth: truth, classes: classes, ignoreIndex: ignoreIndex,
      extras: extras, confidence: prediction.confidence, instances: instances,
      boundaryRatio: boundaryRatio)
    return Counted(counts: counts, isResized: prediction.isResized)
  }

  /// The picture that the subject sees of an image.
  func picture(of sample: Sample) throws(Failure) -> Picture {
    let picture: Picture
    do throws(ImageFailure) { picture = try sample.readPicture() } catch {
      throw .unusable(error.description)
    }
    guard case .model(_, _, let conditions) = source, let corruption = conditions.corruption else {
      return picture
    }
    return corruption(picture, named: sample.name)
  }

  /// What is predicted on an image.
  struct Prediction {
    let labels: LabelMap
    /// Per pixel; `nil` unless asked for.
    let confidence: [Float]?
    /// Whether the picture has another size.
    let isResized: Bool
  }

  /// What is predicted on an image at `width` × `height`, the size of its labels.
  func prediction(
    of sample: Sample, width: Int, height: Int, withConfidence: Bool = false,
    isCancelled: () -> Bool
  ) throws(Failure) -> Prediction {
    switch source {
    case .predictions(let folder):
      let labels: LabelMap
      do throws(ImageFailure) { labels = try folder.readLabels(of: sample.name) } catch {
        throw .unusable(error.description)
      }
      guard labels.width == width && labels.height == height else {
        throw .unusable(
          "\(sample.name): the prediction has \(labels.width)×\(labels.height) pixels, the labels \(width)×\(height); predict at the labels' size"
        )
      }
      return Prediction(labels: labels, confidence: nil, isResized: false)
    case .model(let segmenter, let stride, let conditions):
      let picture = try picture(of: sample)
      let rules = conditions.rules
      let extras: Set<Segmentation.Extra> = withConfidence ? [.confidence] : []
      do throws(TooLittleMemory) {
        try segmenter.checkMemory(
          width: picture.width, height: picture.height,
          size: Size(width: width, height: height), rules: rules,
          outputStride: stride, including: extras)
      } catch {
        throw .unusable("\(sample.image.path): \(error)")
      }
      do throws(Cancelled) {
        let result = try segmenter.segment(
          picture, size: (width, height), rules: rules, outputStride: stride,
          including: extras, isCancelled: isCancelled)
        return Prediction(
          labels: result.labels, confidence: result.confidence,
          isResized: (picture.width, picture.height) != (width, height))
      } catch {
        throw .cancelled
      }
    }
  }
}
