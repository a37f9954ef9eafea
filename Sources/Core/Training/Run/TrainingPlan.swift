/// Everything that a training run follows from.
public struct TrainingPlan: Sendable {
  /// What is trained.
  public var configuration: ModelConfiguration
  /// How.
  public var recipe: Recipe
  /// What on.
  public var training: DataSet
  /// What it is judged by; `nil` for no validation.
  public var validation: DataSet?
  /// Where the first weights come from.
  public var start: any WeightSource
  /// The same for people, such as the file's name.
  public var startName: String
  /// The files that they are read from; none for random ones.
  public var startFiles: [String] = []
  /// What of the model is trained.
  public var part = TrainedPart.whole
  /// Whether normalised maps are made again in the backward half: less memory for a little more time.
  public var isRecomputing = false
  /// Memory for decoded samples, those of training and validation together, in bytes.
  public var cacheBytes = 1 << 30

  /// A plan from its parts.
  public init(
    _ configuration: ModelConfiguration, _ recipe: Recipe, training: DataSet, validation: DataSet?,
    start: any WeightSource, startName: String
  ) {
    self.configuration = configuration
    self.recipe = recipe
    self.training = training
    self.validation = validation
    self.start = start
    self.startName = startName
  }

  /// What changes with the pictures or labels of the run.
  public var fingerprint: String {
    [training.fingerprint, validation?.fingerprint].compactMap { $0 }.joined(separator: "/")
  }

  /// The SHA-256 of the files that the first weights are read from, wherever they lie; `nil` for random ones.
  public func startDigest() throws(TrainingFailure) -> String? {
    guard !startFiles.isEmpty else { return nil }
    do { return try FileDigest.sha256(of: startFiles) } catch { throw .backbone("\(error)") }
  }

  /// What the checkpoints say about the run.
  var description: TrainingDescription {
    TrainingDescription(
      recipe: recipe, data: "\(training.kind.name) \(training.split)",
      samples: training.samples.count, start: startName)
  }
}

/// A part of a model that is trained by a loss of its own, and whose gradients are clipped by themselves.
///
/// So the teacher trains as if it were alone, whatever its students do.
enum Branch: String, CaseIterable {
  case teacher, student, refinement

  /// The branch of a tensor; a model without guidance is one.
  init(of name: String, in configuration: ModelConfiguration) {
    let part = name.prefix { $0 != "." }
    self =
      !configuration.isGuided
      ? .teacher
      : part == "refine"
        ? .refinement : part == "upsampler" || part == "axial" ? .student : .teacher
  }
}
