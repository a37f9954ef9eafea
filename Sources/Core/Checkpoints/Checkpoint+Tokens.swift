extension Checkpoint {
  /// The file with other class tokens, stored as F32; everything else is as it was, byte by byte.
  ///
  /// Measured numbers no longer hold and are left out, and so is an optimiser's memory of a run. `note` is kept under
  /// `tokens` of what is said of the training.
  public func encoded(with tokens: ClassTokens, note: JSON) -> [UInt8] {
    precondition(
      tokens.names == configuration.classes && tokens.width == configuration.width,
      "tokens \(tokens.count) × \(tokens.width) for \(configuration.classes.count) × \(configuration.width)"
    )
    var metadata = self.tensors.metadata
    metadata["hfgd.config"] = edited(note).text
    var writer = SafeTensorsWriter(metadata: metadata)
    for entry in tensors.tensors where !entry.name.hasPrefix(CheckpointWeights.optimizerPrefix) {
      switch entry.name {
      case "tokens.weight": writer.append(entry.name, shape: entry.shape, values: tokens.weights)
      case "tokens.bias": writer.append(entry.name, shape: entry.shape, values: tokens.bias)
      default:
        let bytes = tensors.withBytes(of: entry) { [UInt8]($0) }
        writer.append(entry.name, entry.dtype, shape: entry.shape, bytes: bytes)
      }
    }
    return writer.encoded()
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
