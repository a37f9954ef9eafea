import Core

/// What the tensors of a file make: a model, a backbone, or nothing that is known.
enum ModelContents {
  case model(Checkpoint)
  case backbone(BackboneFit)
  case failure(CheckpointFailure)

  init(_ file: TensorFile) {
    do throws(CheckpointFailure) {
      self = .model(try Checkpoint(file))
    } catch {
      if case .backboneAlone = error, let fit = BackboneFit(file) {
        self = .backbone(fit)
      } else {
        self = .failure(error)
      }
    }
  }

  /// The model, where it is one.
  var checkpoint: Checkpoint? { if case .model(let checkpoint) = self { checkpoint } else { nil } }

  /// How the file's tensors fit, where they are of anything known.
  var mapping: TensorMapping? {
    switch self {
    case .model(let checkpoint): checkpoint.mapping
    case .backbone(let fit): fit.mapping
    case .failure: nil
    }
  }
}

extension CheckpointFailure {
  /// Whether the file says, or shows, which model it holds, so that it is broken and not merely unknown.
  var isOfKnownModel: Bool {
    switch self {
    case .unknownModel, .noConfiguration, .backboneAlone, .channelOrder: false
    case .container, .badConfiguration, .badTensors, .overflow: true
    }
  }
}
