/// The weights that training starts from: Glorot's uniform kernels, zero biases, batch norm that changes nothing;
/// the backbone's from a file where one is given.
///
/// Each tensor is drawn from a generator of its own, which its name and the seed start (``RandomWeights/uniform``), so
/// that models which share a part begin with the same numbers there. A kernel is u·√(6 / (fan_in + fan_out)), u in
/// [−1, 1) (Glorot and Bengio, AISTATS 2010; iSeg's `model_builder.py`). The keys of an attention start as its queries do
/// (iSeg's `shared_qk_weights`). Layer scales are 10⁻⁶ (arXiv:2201.03545, table 5), biases of relative positions 0,
/// learned vectors uniform with a standard deviation of 0.02, which is that of timm's truncated normal distribution.
public final class InitialWeights: WeightSource {
  private let seed: UInt64
  private let backbone: CheckpointWeights?

  /// The standard deviation of learned vectors.
  private static let embeddingDeviation = 0.02

  /// Where a model's backbone stands in its tree.
  private static let prefix = "backbone."

  /// Weights that all follow from `seed`.
  public init(seed: Int) {
    self.seed = UInt64(bitPattern: Int64(seed))
    backbone = nil
  }

  /// Weights for a model of `configuration`: the backbone's from `file`, by whatever library's names it has, all others from
  /// `seed`.
  ///
  /// Heads and counts of batches are left out. All else that is missing, wrong or left over is an error.
  public init(
    seed: Int, backbone file: TensorFile, for configuration: ModelConfiguration
  ) throws(InitialWeightsFailure) {
    self.seed = UInt64(bitPattern: Int64(seed))
    let backbone = configuration.backbone
    let requests = backbone.tensors(hasOutputNorms: configuration.hasOutputNorms)
    let naming = BackboneFit(file, among: [backbone])?.mapping.naming ?? .own
    let weights = CheckpointWeights(TensorMapping(requests, from: file, naming))
    for request in requests { weights.withValues(of: request) { _ in } }
    guard weights.isSound else {
      throw InitialWeightsFailure(
        path: file.path, backbone: backbone.rawValue, problems: weights.allProblems)
    }
    self.backbone = weights
  }

  /// The tensor's values.
  public func values(of request: TensorRequest) -> [Float] {
    if let backbone, request.name.hasPrefix(Self.prefix) { return backbone.values(of: request) }
    switch request.role {
    case .bias, .normBias, .runningMean, .positionBias:
      return [Float](repeating: 0, count: request.count)
    case .normWeight, .runningVariance: return [Float](repeating: 1, count: request.count)
    case .layerScale: return [Float](repeating: 1e-6, count: request.count)
    case .embedding:
      return RandomWeights.uniform(request.name, seed: seed, count: request.count) {
        Self.embeddingDeviation * 3.0.squareRoot() * $0
      }
    case .kernel where request.name.hasSuffix(".offset.weight"):
      return [Float](repeating: 0, count: request.count)
    case .kernel:
      let taps = request.shape.dropFirst(2).reduce(1, *)
      let fans = (request.shape[0] + request.shape[1]) * taps
      let bound = (6 / Double(fans)).squareRoot()
      return RandomWeights.uniform(
        Self.seedName(of: request.name), seed: seed, count: request.count
      ) { bound * $0 }
    }
  }

  /// The name whose generator draws the tensor `name`.
  private static func seedName(of name: String) -> String {
    let key = ".key.weight"
    return name.hasSuffix(key) ? name.dropLast(key.count) + ".query.weight" : name
  }
}

/// A file whose tensors are not those of the backbone.
public struct InitialWeightsFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// The backbone that was expected.
  public let backbone: String
  /// The tensors that are missing, wrong or left over, all of them.
  public let problems: [TensorProblem]

  /// All problems and the remedy.
  public var description: String {
    "\(path): \(problems.count == 1 ? "1 tensor does" : "\(problems.count) tensors do") not fit the backbone "
      + "\(backbone):" + problems.map { "\n  \($0)" }.joined()
      + "\ngive weights of this backbone as torchvision, timm, transformers or mmsegmentation write them, or train without any"
  }
}
