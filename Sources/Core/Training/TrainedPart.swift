/// Which tensors of a model a run moves.
public enum TrainedPart: String, Sendable, CaseIterable {
  /// All of them.
  case whole
  /// The second student (`refine.…`) of a guided model whose other parts are trained already: one teacher, two students, one
  /// after the other. Everything else stays as it is to the last bit, and batch norms there use their running statistics.
  case refinement

  /// Whether the tensor is moved.
  func moves(_ name: String) -> Bool { self == .whole || Self.isRefinement(name) }

  /// Whether the layer at `path` takes part in differentiation: the tokens do, for gradients to go through.
  func reads(_ path: String) -> Bool {
    self == .whole || Self.isRefinement(path) || path == "tokens" || path.hasPrefix("tokens.")
  }

  private static func isRefinement(_ path: String) -> Bool {
    path == "refine" || path.hasPrefix("refine.")
  }
}
