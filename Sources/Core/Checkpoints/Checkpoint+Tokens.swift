extension Checkpoint {
  /// The file with other class tokens, stored as F32; everything else is as it was, byte by byte.
  ///
  /// Measured numbers no longer hold and are left out, and so is an optimiser's memory of a run. `note` is kept under
  /// `tokens` of what is said of the training.
  public func encoded(with tokens: ClassTokens, note: JSON) throws(CheckpointFailure) -> [UInt8] {
    precondition(
      tokens.names == configuration.classes && tokens.width == configuration.width,
      "tokens \(tokens.count) × \(tokens.width) for \(configuration.classes.count) × \(configuration.width)"
    )
    var metadata = file.texts
    metadata[Self.configurationKey] = edited(note).text
    var writer = SafeTensorsWriter(metadata: metadata)
    for tensor in mapping.mapped {
      switch tensor.request.name {
      case "tokens.weight":
        writer.append(tensor.request.name, shape: tensor.request.shape, values: tokens.weights)
      case "tokens.bias":
        writer.append(tensor.request.name, shape: tensor.request.shape, values: tokens.bias)
      default:
        writer.append(
          tensor.request.name, tensor.storedType, shape: tensor.request.shape,
          bytes: try bytes(of: tensor))
      }
    }
    return writer.encoded()
  }

  private func bytes(of tensor: TensorMapping.Mapped) throws(CheckpointFailure) -> [UInt8] {
    do { return try tensor.stored().withBytes { [UInt8]($0) } } catch {
      throw .container(.zip(path: path, error))
    }
  }

  /// The configuration without metrics and with a note in its training.
  private func edited(_ note: JSON) -> JSON {
    let training = (self.training?.object ?? []).filter { $0.key != "tokens" }
    return .object(
      (configuration.json.object ?? []) + [
        JSON.Member("training", .object(training + [JSON.Member("tokens", note)]))
      ])
  }
}
