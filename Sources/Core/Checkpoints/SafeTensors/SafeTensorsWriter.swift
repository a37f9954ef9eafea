/// Collects tensors and metadata, and lays them out as a safetensors file.
///
/// The order is that of the format's reference: wide elements first, then by name, and the header padded
/// with spaces to a multiple of eight bytes, so that all data is aligned. The same content gives the same bytes.
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
    let size = values.count * dtype.bits / 8
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = size
      values.withUnsafeBufferPointer { values in
        guard let source = values.baseAddress, let target = buffer.baseAddress else { return }
        switch dtype {
        case .f16: HalfPrecision.round(source, toF16: target, values.count)
        case .bf16: HalfPrecision.round(source, toBF16: target, values.count)
        default:
          UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(values))
        }
      }
    }
    append(name, dtype, shape: shape, bytes: bytes)
  }

  /// The whole file.
  public func encoded() -> [UInt8] {
    let ordered = tensors.sorted { a, b in
      a.dtype.bits != b.dtype.bits
        ? a.dtype.bits > b.dtype.bits : ExactString(a.name) < ExactString(b.name)
    }
    var header = Array(headerText(of: ordered).utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: -header.count & 7)
    let length = UInt64(header.count).littleEndian

    var file: [UInt8] = []
    file.reserveCapacity(8 + header.count + ordered.reduce(0) { $0 + $1.bytes.count })
    withUnsafeBytes(of: length) { file.append(contentsOf: $0) }
    file += header
    for tensor in ordered { file += tensor.bytes }
    return file
  }

  private func headerText(of tensors: [Tensor]) -> String {
    var members: [String] = []
    if !metadata.entries.isEmpty {
      let entries = metadata.entries.map {
        "\(jsonLiteral(of: $0.key)):\(jsonLiteral(of: $0.value))"
      }
      members.append("\"__metadata__\":{\(entries.joined(separator: ","))}")
    }
    var begin = 0
    for tensor in tensors {
      let end = begin + tensor.bytes.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(jsonLiteral(of: tensor.name)):{\"dtype\":\"\(tensor.dtype.rawValue)\","
          + "\"shape\":[\(shape)],\"data_offsets\":[\(begin),\(end)]}")
      begin = end
    }
    return "{\(members.joined(separator: ","))}"
  }
}
