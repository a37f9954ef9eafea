/// A checkpoint as it will be written in our own format: safetensors, tensor by tensor, so that a file of any size needs little
/// memory.
public struct CheckpointConversion: Sendable {
  /// What is written: a model, a backbone, or the file's tensors as they are.
  public enum Kind: Sendable {
    case model(ModelConfiguration)
    case backbone(ModelConfiguration.BackboneKind)
    case tensors
  }

  /// What is written.
  public let kind: Kind
  /// How the file's tensors fit; `nil` where they keep their names.
  public let mapping: TensorMapping?
  private let path: String
  private let metadata: SafeTensorsMetadata
  private let tensors: [Outgoing]

  private struct Outgoing: Sendable {
    let name: String
    let dtype: DType
    let shape: [Int]
    let source: Source

    enum Source: Sendable {
      case mapped(TensorMapping.Mapped)
      case stored(StoredTensor)
    }

    var declaration: SafeTensorsPlan.Declaration { .init(name, dtype, shape) }

    func elements() throws(ZipFailure) -> TensorElements {
      switch source {
      case .mapped(let mapped): try mapped.elements()
      case .stored(let stored): try stored.elements()
      }
    }
  }

  /// The conversion of a checkpoint, all of whose tensors fit; kernels and tokens become `dtype` where it is given.
  ///
  /// Vectors (norms, biases) stay what they are, and an optimiser's memory is left out.
  public init(_ checkpoint: Checkpoint, as dtype: DType? = nil) throws(CheckpointFailure) {
    let mapping = checkpoint.mapping
    if let failure = mapping.failure(of: checkpoint.path) { throw failure }
    // What is written must be read again.
    if case .failure(let problems) = ModelConfiguration.read(checkpoint.configuration.json) {
      throw .badConfiguration(path: checkpoint.path, problems: problems.sentences)
    }
    kind = .model(checkpoint.configuration)
    path = checkpoint.path
    self.mapping = mapping
    let training = checkpoint.training?.object ?? []
    let note = JSON.Member(
      "converted",
      checkpoint.training?["converted"] ?? Self.origin(of: checkpoint.file, mapping))
    var members = checkpoint.configuration.json.object ?? []
    if let metrics = checkpoint.metrics { members.append(JSON.Member("metrics", metrics)) }
    members.append(
      JSON.Member("training", .object(training.filter { $0.key != "converted" } + [note])))
    metadata = [Checkpoint.configurationKey: JSON.object(members).text]
    tensors = Self.outgoing(mapping, dtype, named: \.request.name)
  }

  /// The conversion of a bare backbone, named as ours below `backbone.`.
  public init(
    _ fit: BackboneFit, of file: TensorFile, as dtype: DType? = nil
  ) throws(CheckpointFailure) {
    if let failure = fit.mapping.failure(of: file.path) { throw failure }
    kind = .backbone(fit.backbone)
    path = file.path
    mapping = fit.mapping
    metadata = [
      "hfgd.backbone": fit.backbone.rawValue,
      "hfgd.converted": Self.origin(of: file, fit.mapping).text,
    ]
    tensors = Self.outgoing(fit.mapping, dtype) {
      String($0.request.name.dropFirst(TensorNaming.backbonePrefix.count))
    }
  }

  /// The tensors of `file` by their own names.
  public init(_ file: TensorFile, as dtype: DType? = nil) {
    kind = .tensors
    path = file.path
    mapping = nil
    let key = Checkpoint.configurationKey
    metadata = file.texts[key].map { [key: $0] } ?? [:]
    tensors = file.tensors.map { tensor in
      Outgoing(
        name: tensor.name, dtype: Self.type(of: tensor.dtype, tensor.shape, dtype),
        shape: tensor.shape, source: .stored(tensor))
    }
  }

  /// How many tensors are written.
  public var count: Int { tensors.count }
  /// How many bytes their elements take.
  public var byteCount: Int { tensors.reduce(0) { $0 + $1.declaration.byteCount } }

  /// Writes the file; `progress` hears after each tensor how many bytes are written.
  ///
  /// Nothing is left behind where it is cancelled or fails: `CheckpointFailure` where tensors cannot be read or values do not fit
  /// their type, else `FileFailure` or `Cancelled`.
  public func write(
    to path: String, progress: (Int) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws {
    let plan = SafeTensorsPlan(metadata: metadata, tensors.map(\.declaration))
    try AtomicFile.write(to: path) { sink in
      try FileContents.array(plan.header).withBytes { try sink.write($0) }
      var written = 0
      for index in plan.order {
        if isCancelled() { throw Cancelled() }
        let tensor = tensors[index]
        let elements = try elements(of: tensor)
        if let value = elements.firstOverflow(as: tensor.dtype) {
          throw CheckpointFailure.overflow(
            path: self.path, tensor: tensor.name, value: value, dtype: tensor.dtype)
        }
        try elements.withBytes(as: tensor.dtype) { bytes in
          try sink.write(bytes)
          written += bytes.count
        }
        elements.release()
        progress(written)
      }
    }
  }

  private func elements(of tensor: Outgoing) throws(CheckpointFailure) -> TensorElements {
    do { return try tensor.elements() } catch {
      throw .container(.zip(path: path, error))
    }
  }

  private static func outgoing(
    _ mapping: TensorMapping, _ dtype: DType?, named name: (TensorMapping.Mapped) -> String
  ) -> [Outgoing] {
    mapping.mapped.map { mapped in
      Outgoing(
        name: name(mapped), dtype: type(of: mapped.storedType, mapped.request.shape, dtype),
        shape: mapped.request.shape, source: .mapped(mapped))
    }
  }

  private static func type(of own: DType, _ shape: [Int], _ wanted: DType?) -> DType {
    guard let wanted, shape.count > 1, own.widensToFloat || own == .f64 else { return own }
    return wanted
  }

  private static func origin(of file: TensorFile, _ mapping: TensorMapping) -> JSON {
    .object([
      JSON.Member("from", .string(file.path.fileName)),
      JSON.Member("format", .string(file.container.rawValue)),
      JSON.Member("names", .string(mapping.family)),
    ])
  }
}

extension TensorElements {
  /// The first finite value that another type has only as infinity; `nil` where all fit.
  fileprivate func firstOverflow(as target: DType) -> Double? {
    guard target != dtype else { return nil }
    if dtype == .f64 {
      return withBytes { bytes in
        (0..<bytes.count / 8).lazy
          .map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
          .first { $0.isFinite && abs($0) >= target.roundsToInfinity }
      }
    }
    guard dtype.bits > target.bits || dtype == .bf16 && target == .f16 else { return nil }
    let limit = Float(target.roundsToInfinity)
    return withFloats { values in
      values.first { $0.isFinite && abs($0) >= limit }.map { Double($0) }
    }
  }

  /// What `body` makes of the elements as those of another type: F32, F16 or BF16, rounded to nearest, ties to even.
  fileprivate func withBytes<Result>(
    as target: DType, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    if target == dtype { return try withBytes(body) }
    precondition(target.widensToFloat, "elements cannot be written as \(target.rawValue)")
    return try withFloats { floats in
      try FileContents.array(HalfPrecision.bytes(of: floats, as: target)).withBytes(body)
    }
  }
}

extension DType {
  /// The smallest value that becomes infinity in F32, F16 or BF16: half a unit beyond the largest.
  fileprivate var roundsToInfinity: Double {
    switch self {
    case .f16: 65520
    case .bf16: 0x1.FFp127
    default: 0x1.FFFFFFp127
    }
  }
}
