import Core

/// How the tensors of a file fit those of a model, for people and as JSON.
struct FitReport {
  let mapping: TensorMapping

  init(_ mapping: TensorMapping) { self.mapping = mapping }

  private var reshaped: [TensorMapping.Mapped] { mapping.mapped.filter(\.isReshaped) }
  private var cast: [TensorMapping.Mapped] { mapping.mapped.filter(\.isCast) }
  private var rearranged: [TensorMapping.Mapped] {
    mapping.mapped.filter { $0.change != nil || $0.sources.count > 1 }
  }
  private var missing: [TensorProblem] { mapping.problems.filter(\.isMissing) }
  private var wrong: [TensorProblem] { mapping.problems.filter { !$0.isMissing && !$0.isUnused } }

  /// All counts on one line.
  var summary: String {
    let counts: [(Int, String)] = [
      (mapping.mapped.count, "mapped"), (reshaped.count, "reshaped"), (cast.count, "cast"),
      (rearranged.count, "rearranged"), (mapping.leftOut.count, "left out"),
      (missing.count, "missing"), (wrong.count, "wrong"), (mapping.unexpected.count, "unexpected"),
    ]
    let shown = counts.enumerated().filter { $0.offset == 0 || $0.element.0 > 0 }
    return "names of \(mapping.family): "
      + shown.map { "\($0.element.0) \($0.element.1)" }.joined(separator: ", ")
  }

  /// The same, with every name.
  var json: JSON {
    func names(_ tensors: [StoredTensor]) -> JSON { .array(tensors.map { .string($0.name) }) }
    return .object([
      JSON.Member("family", .string(mapping.family)),
      JSON.Member(
        "mapped",
        .array(
          mapping.mapped.map { mapped in
            .object([
              JSON.Member("name", .string(mapped.request.name)),
              JSON.Member("from", names(mapped.sources)),
              JSON.Member(
                "shape", .array(mapped.request.shape.map { .number("\($0)") })),
              JSON.Member("reshaped", .bool(mapped.isReshaped)),
              JSON.Member("cast", .bool(mapped.isCast)),
              JSON.Member("change", mapped.change.map { .string($0.rawValue) } ?? .null),
            ])
          })),
      JSON.Member("missing", .array(missing.map { .string("\($0)") })),
      JSON.Member("wrong", .array(wrong.map { .string("\($0)") })),
      JSON.Member("unexpected", names(mapping.unexpected)),
      JSON.Member("left_out", names(mapping.leftOut)),
    ])
  }
}
