/// How a file calls the tensors of a model.
struct TensorNaming: Sendable {
  /// Whose names they are: "torchvision's Swin".
  let family: String
  /// Where the file has the tensor that the model calls so; `nil` where the family has no such tensor.
  let source: @Sendable (String) -> TensorSource?
  /// Whether a tensor that nobody asked for is known to be harmless.
  let isLeftOut: @Sendable (String) -> Bool

  /// Our own names: a file of ours, or one that was written with our names by PyTorch or NumPy.
  static let own = TensorNaming(
    family: "hfgd", source: { TensorSource(names: [$0], change: nil) },
    isLeftOut: { $0.hasPrefix(TensorNaming.optimizerPrefix) || TensorNaming.isIdle($0) })

  /// Whether the names are ours.
  var isOwn: Bool { family == Self.own.family }
  /// The family for messages, `nil` for our own.
  var familyName: String? { isOwn ? nil : family }

  /// What the names of an optimiser's memory begin with, which a checkpoint of a run has beside the model.
  static let optimizerPrefix = "optimizer."

  /// Where a backbone stands in our tree.
  static let backbonePrefix = "backbone."

  /// The names of a backbone's family below `backbone.`, which the file has behind `prefix`.
  static func backbone(_ family: BackboneFamily, prefix: String) -> TensorNaming {
    TensorNaming(
      family: family.name,
      source: { name in
        guard name.hasPrefix(backbonePrefix) else { return nil }
        let below = String(name.dropFirst(backbonePrefix.count))
        guard let source = family.table.source(of: below) else { return nil }
        return TensorSource(names: source.names.map { prefix + $0 }, change: source.change)
      },
      isLeftOut: { name in
        let below = name.hasPrefix(prefix) ? name.dropFirst(prefix.count) : name[...]
        return isIdle(name) || heads.contains { below.hasPrefix($0) }
      })
  }

  /// What stands beside a backbone in the libraries' models.
  private static let heads = [
    "fc.", "classifier.", "head.", "heads.", "norm.", "encoder.ln.", "layernorm.", "pooler.",
    "neck.", "decode_head.", "auxiliary_head.",
  ]

  /// Whether a network in use does not need a tensor: counts of batches, indices that follow from a window's size.
  static func isIdle(_ name: String) -> Bool {
    [".num_batches_tracked", ".relative_position_index", ".attn_mask", ".relative_coords_table"]
      .contains { name.hasSuffix($0) }
  }
}
