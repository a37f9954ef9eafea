/// All that a training run has become so far; what comes after follows from it and the plan alone.
final class TrainingState {
  /// The model's numbers.
  let parameters: Parameters
  /// What the optimiser remembers.
  var optimizer: any Optimizer
  /// Updates made.
  var step = 0
  /// Updates made before the last validation.
  var validated = 0
  /// The best validation so far.
  var best: BestValidation?

  init(_ parameters: Parameters, _ optimizer: any Optimizer) {
    self.parameters = parameters
    self.optimizer = optimizer
  }
}

/// When a run was at its best.
public struct BestValidation: Sendable, Equatable {
  /// Updates made before it.
  public let step: Int
  /// Mean IoU at the finest output stride, in percent.
  public let meanIoU: Double
}

extension TrainingState {
  /// The model as a checkpoint that any command reads, with the optimiser's memory beside it.
  ///
  /// The moments are flat, in the order of ``ParameterLayout``.
  func encoded(_ configuration: ModelConfiguration, _ description: TrainingDescription) -> [UInt8] {
    var writer = SafeTensorsWriter(metadata: metadata(configuration, description))
    append(to: &writer, as: .f32)
    for moment in optimizer.state.moments {
      writer.append(
        TensorNaming.optimizerPrefix + moment.name, shape: [moment.values.count],
        values: moment.values)
    }
    return writer.encoded()
  }

  /// The model alone, kernels as F16 and everything else as F32: what is passed on.
  func encodedModel(
    _ configuration: ModelConfiguration, _ description: TrainingDescription
  ) -> [UInt8] {
    var writer = SafeTensorsWriter(metadata: metadata(configuration, description))
    append(to: &writer, as: .f16)
    return writer.encoded()
  }

  private func append(to writer: inout SafeTensorsWriter, as kernels: DType) {
    for entry in parameters.layout.entries {
      writer.append(
        entry.name, shape: entry.request.shape, values: parameters.values(of: entry.request),
        as: entry.request.role == .kernel ? kernels : .f32)
    }
  }

  private func metadata(
    _ configuration: ModelConfiguration, _ description: TrainingDescription
  ) -> SafeTensorsMetadata {
    var members = configuration.json.object ?? []
    if let best {
      members.append(
        JSON.Member(
          "metrics", .object([JSON.Member("mIoU", .number(best.meanIoU, decimals: 2))])))
    }
    members.append(
      JSON.Member("training", description.json(step: step, validated: validated, best: best)))
    return ["hfgd.config": JSON.object(members).text]
  }

  /// Takes over the state that a checkpoint of the same run holds.
  func restore(from checkpoint: Checkpoint) throws(TrainingFailure) {
    let file = checkpoint.file
    guard let step = checkpoint.training?["step"]?.int else {
      throw .notResumable(
        path: checkpoint.path, reason: "it does not say at which step it was saved")
    }
    let requests = parameters.layout.entries.map(\.request)
    let weights = CheckpointWeights(checkpoint.mapping(to: requests))
    let values = requests.map(weights.values(of:))
    guard weights.isSound else {
      throw .checkpoint(
        .badTensors(path: checkpoint.path, family: nil, problems: weights.allProblems))
    }
    for (entry, values) in zip(parameters.layout.entries, values) {
      parameters.write(values, to: entry)
    }
    guard !file.tensors.contains(where: { $0.name.isOfPyTorchsOptimizer }) else {
      throw .ofPyTorch(path: checkpoint.path)
    }
    do {
      let moments = try optimizer.state.moments.map { moment in
        guard let entry = file[TensorNaming.optimizerPrefix + moment.name] else {
          throw OptimizerStateFailure(
            expected: optimizer.state.moments.map { TensorNaming.optimizerPrefix + $0.name },
            found: file.tensors.map(\.name).filter {
              $0.hasPrefix(TensorNaming.optimizerPrefix)
            })
        }
        return OptimizerState.Moment(moment.name, try entry.elements().floats)
      }
      try optimizer.restore(OptimizerState(steps: step, moments: moments))
    } catch {
      throw .notResumable(path: checkpoint.path, reason: "\(error)")
    }
    self.step = step
    validated = checkpoint.training?["validated"]?.int ?? 0
    if let best = checkpoint.training?["best"], let at = best["step"]?.int,
      let meanIoU = best["mIoU"]?.double
    {
      self.best = BestValidation(step: at, meanIoU: meanIoU)
    }
  }
}

extension String {
  /// Whether a tensor of this name is what one of PyTorch's optimisers remembers of a parameter.
  fileprivate var isOfPyTorchsOptimizer: Bool {
    ["momentum_buffer.", "exp_avg.", "exp_avg_sq."].contains {
      hasPrefix(TensorNaming.optimizerPrefix + $0)
    }
  }
}
