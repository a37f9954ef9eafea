/// A trained model in our format: safetensors with the metadata entry `hfgd.config`.
public struct Checkpoint: Sendable {
  /// The file.
  public let path: String
  /// What the model is made of.
  public let configuration: ModelConfiguration
  /// How the model was trained and what it reached, as the file says; percent.
  public let training, metrics: JSON?
  /// The file's tensors.
  public let tensors: SafeTensors

  /// Opens `path` and reads its configuration; tensors are looked at when the model is made.
  public init(path: String) throws(CheckpointFailure) {
    let file: SafeTensors
    do { file = try SafeTensors(path: path) } catch { throw .container(error) }
    try self.init(file, path: path)
  }

  /// The checkpoint that `file` holds.
  public init(_ file: SafeTensors, path: String) throws(CheckpointFailure) {
    guard let text = file.metadata["hfgd.config"] else { throw .noConfiguration(path: path) }
    let json: JSON
    do { json = try JSON(text) } catch {
      throw .badConfiguration(path: path, problems: ["hfgd.config is not valid JSON: \(error)"])
    }
    switch ModelConfiguration.read(json) {
    case .success(let configuration): self.configuration = configuration
    case .failure(let problems):
      throw .badConfiguration(path: path, problems: problems.sentences)
    }
    self.path = path
    training = json["training"]
    metrics = json["metrics"]
    tensors = file
  }

  /// The model with the file's weights, read by `threads`; every tensor must fit and none may be left over.
  public func model(
    precision: Precision = .float32, threads: Threads = Threads(1)
  ) throws(CheckpointFailure) -> SegmentationModel {
    let weights = CheckpointWeights(tensors)
    let model = SegmentationModel(
      configuration, Weights(weights, precision: precision), threads: threads)
    guard weights.isSound else {
      throw .badTensors(
        path: path, problems: weights.problems(inOrderOf: configuration.tensors))
    }
    return model
  }
}

/// Why a checkpoint cannot be used.
public enum CheckpointFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file is not a sound safetensors file.
  case container(SafeTensorsFailure)
  /// The file is sound but does not say which model it holds.
  case noConfiguration(path: String)
  /// The configuration is wrong; a sentence for each problem.
  case badConfiguration(path: String, problems: [String])
  /// Tensors are missing, wrong or left over; all of them.
  case badTensors(path: String, problems: [TensorProblem])

  /// What is wrong, everything at once, and the remedy.
  public var description: String {
    switch self {
    case .container(let failure): "\(failure)"
    case .noConfiguration(let path):
      "\(path) has no metadata entry hfgd.config, so it is not one of our checkpoints; write it with the hfgd_torch package"
    case .badConfiguration(let path, let problems):
      "\(path): hfgd.config has \(problems.counted("problem")):\(problems.listed)\ncorrect the configuration and write the file again"
    case .badTensors(let path, let problems):
      "\(path): \(problems.counted("tensor")) \(problems.count == 1 ? "does" : "do") not fit the configuration:\(problems.map(\.description).listed)\nuse the file that belongs to this configuration, or correct hfgd.config"
    }
  }
}

extension Array {
  /// "1 problem", "3 problems".
  fileprivate func counted(_ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
  }
}

extension [String] {
  /// Each on a line of its own.
  fileprivate var listed: String { map { "\n  \($0)" }.joined() }
}
