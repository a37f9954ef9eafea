/// A trained model in a file: our own format, or one of those whose names we know.
public struct Checkpoint: Sendable {
  /// The metadata entry that holds the configuration in our own format.
  public static let configurationKey = "hfgd.config"

  /// What the model is made of; of a foreign file as its names and shapes tell.
  public let configuration: ModelConfiguration
  /// How the model was trained and what it reached, as the file says; percent.
  public let training, metrics: JSON?
  /// The file and its tensors.
  public let file: TensorFile
  /// How the file calls the model's tensors.
  let naming: TensorNaming

  /// The file's path.
  public var path: String { file.path }

  /// Opens `path` and finds out what it holds; values are looked at when the model is made.
  ///
  /// Of a file with a moving average beside its weights, `weights` says which are taken.
  public init(
    path: String, _ weights: TensorFile.Weights = .trained
  ) throws(CheckpointFailure) {
    let file: TensorFile
    do { file = try TensorFile(path: path, weights) } catch { throw .container(error) }
    try self.init(file)
  }

  /// The checkpoint that `file` holds.
  public init(_ file: TensorFile) throws(CheckpointFailure) {
    guard let text = file.texts[Self.configurationKey] else {
      let foreign = try ForeignModel(file)
      self.init(file, foreign.configuration, foreign.naming)
      return
    }
    let json: JSON
    do { json = try JSON(text) } catch {
      throw .badConfiguration(
        path: file.path, problems: ["hfgd.config is not valid JSON: \(error)"])
    }
    switch ModelConfiguration.read(json) {
    case .success(let configuration):
      self.init(
        file, configuration, .own, training: json["training"], metrics: json["metrics"])
    case .failure(let problems):
      throw .badConfiguration(path: file.path, problems: problems.sentences)
    }
  }

  /// The tensors of a file with our names as those of a model of `configuration`.
  public init(_ file: TensorFile, as configuration: ModelConfiguration) {
    self.init(file, configuration, .own)
  }

  private init(
    _ file: TensorFile, _ configuration: ModelConfiguration, _ naming: TensorNaming,
    training: JSON? = nil, metrics: JSON? = nil
  ) {
    self.file = file
    self.configuration = configuration
    self.naming = naming
    self.training = training
    self.metrics = metrics
  }

  /// How the file's tensors fit those of the model.
  public var mapping: TensorMapping { mapping(to: configuration.tensors) }

  /// How the file's tensors fit `requests`.
  func mapping(to requests: [TensorRequest]) -> TensorMapping {
    TensorMapping(requests, from: file, naming)
  }

  /// The model with the file's weights, read by `threads`; every tensor must fit and none may be left over.
  public func model(
    precision: Precision = .float32, threads: Threads = Threads(1)
  ) throws(CheckpointFailure) -> SegmentationModel {
    let weights = CheckpointWeights(mapping)
    let model = SegmentationModel(
      configuration, Weights(weights, precision: precision), threads: threads)
    guard weights.isSound else {
      throw .badTensors(
        path: path, family: naming.familyName, problems: weights.allProblems)
    }
    return model
  }
}
