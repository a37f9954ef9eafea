/// The weights of a trained model; parts that it lacks, such as a second student, start as in any training.
final class ContinuedWeights: WeightSource {
  private let tensors: CheckpointWeights
  private let parts: Set<Substring>
  private let initial: InitialWeights

  /// The weights of `checkpoint` for a model of `configuration`; what does not fit is an error.
  init(
    _ checkpoint: Checkpoint, for configuration: ModelConfiguration, seed: Int
  ) throws(CheckpointFailure) {
    parts = Set(checkpoint.configuration.tensors.map(Self.part))
    initial = InitialWeights(seed: seed)
    let known = configuration.tensors.filter { [parts] in parts.contains(Self.part(of: $0)) }
    tensors = CheckpointWeights(checkpoint.mapping(to: known))
    for request in known { tensors.withValues(of: request) { _ in } }
    guard tensors.isSound else {
      throw .badTensors(
        path: checkpoint.path, family: checkpoint.naming.familyName,
        problems: tensors.allProblems)
    }
  }

  /// The tensor's values.
  func values(of request: TensorRequest) -> [Float] {
    parts.contains(Self.part(of: request))
      ? tensors.values(of: request) : initial.values(of: request)
  }

  private static func part(of request: TensorRequest) -> Substring {
    request.name.prefix { $0 != "." }
  }
}
