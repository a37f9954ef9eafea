/// Collects tensors and metadata, and lays them out as a safetensors file.
///
/// ``SafeTensorsPlan`` says in which order.
public struct SafeTensorsWriter: Sendable {
  /// The free text entries of the file.
  public var metadata: SafeTensorsMetadata

  private var tensors: [Tensor] = []
  private var names: Set<ExactString> = ["__metadata__"]

  private struct Tensor: Sendable {
    let name: String
    let dtype: DType
    let shape: [Int]
    let bytes: [UInt8]
  }

  /// A file without tensors.
  public init(metadata: SafeTensorsMetadata = [:]) {
    self.metadata = metadata
  }

  /// Adds a tensor whose elements stand in `bytes`, little endian and row-major.
  ///
  /// The name must be new and not `__metadata__`, which the format reserves.
  public mutating func append(_ name: String, _ dtype: DType, shape: [Int], bytes: [UInt8]) {
    let bits = shape.reduce(dtype.bits, *)
    precondition(
      bits == 8 * bytes.count,
      "\(name), \(dtype.rawValue) \(shape), has \(bits) bits, not the \(8 * bytes.count) given")
    precondition(
      names.insert(ExactString(name)).inserted, "the name \(name) is taken in this file")
    tensors.append(Tensor(name: name, dtype: dtype, shape: shape, bytes: bytes))
  }

  /// Adds a tensor of `values`, row-major, stored as F32, F16 or BF16.
  ///
  /// Rounds to nearest, ties to even; a value beyond 65520 becomes infinite in F16.
  public mutating func append(
    _ name: String, shape: [Int], values: [Float], as dtype: DType = .f32
  ) {
    precondition(
      dtype.widensToFloat, "\(name): floats are stored as F32, F16 or BF16, not \(dtype.rawValue)")
    let bytes = values.withUnsafeBufferPointer { HalfPrecision.bytes(of: $0, as: dtype) }
    append(name, dtype, shape: shape, bytes: bytes)
  }

  /// The whole file.
  public func encoded() -> [UInt8] {
    let plan = SafeTensorsPlan(
      metadata: metadata, tensors.map { .init($0.name, $0.dtype, $0.shape) })
    var file = plan.header
    file.reserveCapacity(file.count + tensors.reduce(0) { $0 + $1.bytes.count })
    for index in plan.order { file += tensors[index].bytes }
    return file
  }
}
