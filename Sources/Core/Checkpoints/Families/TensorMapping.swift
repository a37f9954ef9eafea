/// Which tensors of a file make which tensors of a model, and what that leaves: the fit of a checkpoint.
///
/// A pure function of names, shapes and types: no value is looked at. Each tensor of the file is used at most once.
public struct TensorMapping: Sendable {
  /// A tensor of the model and where it comes from.
  public struct Mapped: Sendable {
    /// What the model asks for.
    public let request: TensorRequest
    /// The file's tensors that make it: usually one.
    public let sources: [StoredTensor]
    /// What is done to their values.
    public let change: TensorSource.Change?

    /// Whether only axes of size 1 tell the shapes apart.
    public var isReshaped: Bool { sources.count == 1 && sources[0].shape != request.shape }
    /// Whether values are rounded when they become floats.
    public var isCast: Bool { !sources.allSatisfy(\.dtype.widensToFloat) }
    /// The type in which the values are written again: the file's own where they are only copied, else F32.
    var storedType: DType {
      sources.count == 1 && change == nil && !isCast ? sources[0].dtype : .f32
    }
  }

  /// Whose names they are.
  let naming: TensorNaming
  /// What fits, in the model's order.
  public private(set) var mapped: [Mapped] = []
  /// What does not fit, in the model's order, and then what nobody asked for.
  public var problems: [TensorProblem] {
    outcomes.compactMap { if case .problem(let problem) = $0 { problem } else { nil } }
  }
  /// What became of each tensor that the model asks for, and of each that it does not.
  private(set) var outcomes: [Outcome] = []
  /// What the model has no use for but is known to be harmless: counts of batches, an optimiser's memory, heads.
  public private(set) var leftOut: [StoredTensor] = []
  /// What nobody asked for.
  public private(set) var unexpected: [StoredTensor] = []
  private var indices: [ExactString: Int] = [:]

  /// What became of a tensor.
  enum Outcome: Sendable {
    case mapped(name: String)
    case problem(TensorProblem)
  }

  /// The mapping from `file` to `requests` by the names of a family.
  init(_ requests: [TensorRequest], from file: TensorFile, _ naming: TensorNaming) {
    self.naming = naming
    var used: Set<ExactString> = []
    for request in requests {
      let source = naming.source(request.name)
      let found = (source?.names ?? []).map { file[$0] }
      let sources = found.compactMap { $0 }
      guard let source, !sources.isEmpty, sources.count == found.count else {
        outcomes.append(
          .problem(
            .missing(
              name: Self.label(of: request, source?.names ?? []), expected: request.shape)))
        continue
      }
      for name in source.names {
        guard used.insert(ExactString(name)).inserted else {
          preconditionFailure("\(naming.family): \(name) is used twice")
        }
      }
      if let problem = Self.problem(
        of: request, sources, Self.label(of: request, source.names), isExact: naming.isOwn)
      {
        outcomes.append(.problem(problem))
        continue
      }
      indices[ExactString(request.name)] = mapped.count
      outcomes.append(.mapped(name: request.name))
      mapped.append(Mapped(request: request, sources: sources, change: source.change))
    }
    for tensor in file.tensors where !used.contains(ExactString(tensor.name)) {
      if naming.isLeftOut(tensor.name) { leftOut.append(tensor) } else { unexpected.append(tensor) }
    }
    outcomes += unexpected.map { .problem(.unused(name: $0.name, shape: $0.shape)) }
  }

  /// What the file has for the tensor that the model calls `name`.
  public subscript(name: String) -> Mapped? { indices[ExactString(name)].map { mapped[$0] } }

  /// Whether all fits and nothing is left over.
  public var isComplete: Bool { outcomes.count == mapped.count }

  /// Whose names they are: "torchvision's Swin".
  public var family: String { naming.family }

  /// Why the file at `path` cannot be used; `nil` where all fits and nothing is left over.
  public func failure(of path: String) -> CheckpointFailure? {
    isComplete
      ? nil : .badTensors(path: path, family: naming.familyName, problems: problems)
  }

  /// Our name for a tensor, and the file's where it is another one.
  private static func label(of request: TensorRequest, _ names: [String]) -> String {
    names.isEmpty || (names.count == 1 && request.name.hasSuffix(names[0]))
      ? request.name : "\(request.name) (\(names.joined(separator: ", ")))"
  }

  private static func problem(
    of request: TensorRequest, _ sources: [StoredTensor], _ name: String, isExact: Bool
  ) -> TensorProblem? {
    for source in sources where !source.dtype.widensToFloat && source.dtype != .f64 {
      return .wrongType(name: name, found: source.dtype)
    }
    func significant(_ shape: [Int]) -> [Int] { isExact ? shape : shape.filter { $0 != 1 } }
    var shape = sources[0].shape
    if sources.count > 1 {
      guard !shape.isEmpty, sources.allSatisfy({ $0.shape.dropFirst() == shape.dropFirst() }) else {
        return .wrongShape(name: name, expected: request.shape, found: shape)
      }
      shape[0] = sources.reduce(0) { $0 + $1.shape[0] }
    }
    // A linear layer [o, i] is a convolution [o, i, 1, 1]; torchvision's layer scale is [d, 1, 1].
    return significant(shape) == significant(request.shape)
      ? nil : .wrongShape(name: name, expected: request.shape, found: shape)
  }
}

extension TensorMapping.Mapped {
  /// The values in the order of the model's tensor; those of the file itself where nothing is done to them.
  func elements() throws(ZipFailure) -> TensorElements {
    if sources.count == 1 && change == nil { return try sources[0].elements() }
    var values: [Float] = []
    values.reserveCapacity(request.count)
    for source in sources { try source.elements().withFloats { values += $0 } }
    switch change {
    case .unfolded: values = reordered(values)
    case nil: break
    }
    return TensorElements(values, shape: request.shape)
  }

  /// The values in the type in which they are written again.
  func stored() throws(ZipFailure) -> TensorElements {
    let elements = try elements()
    return elements.dtype == storedType
      ? elements : TensorElements(elements.floats, shape: request.shape)
  }

  /// Rows of 4·C values that stand as c·4 + j, as the official order g·C + c, where g = 0, 2, 1, 3 for j = 0, 1, 2, 3.
  ///
  /// A vector (of the norm before the reduction) is one row; `request`'s last axis is the row's length.
  private func reordered(_ values: [Float]) -> [Float] {
    let width = request.shape.last { $0 != 1 } ?? values.count
    let channels = width / 4
    let neighbour = [0, 2, 1, 3]
    return [Float](unsafeUninitializedCapacity: values.count) { target, count in
      for row in stride(from: 0, to: values.count, by: width) {
        for j in 0..<4 {
          for c in 0..<channels {
            target[row + neighbour[j] * channels + c] = values[row + 4 * c + j]
          }
        }
      }
      count = values.count
    }
  }
}
