/// An attention layer of a model, of which there may be one in the context encoder and one behind each upsampler.
public enum AttentionLayer: Sendable, Hashable {
  /// The context encoder's: each cell of the coarsest grid looks at all of them.
  case context
  /// The one behind the upsampler of an output stride: each cell looks at its column and its row.
  case axial(outputStride: Int)
}

extension ModelConfiguration {
  /// The attention layers, in the order in which a picture passes them.
  public var attentionLayers: [AttentionLayer] {
    (context.row?.hasAttention == true ? [.context] : [])
      + (isAxial
        ? outputStrides.filter { $0 != teacherStride }.map { .axial(outputStride: $0) } : [])
  }
}
