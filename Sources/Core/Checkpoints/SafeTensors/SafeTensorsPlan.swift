/// The layout of a safetensors file that is to be written: its header, and the order in which tensors follow it.
///
/// The order is that of the format's reference: wide elements first, then by name, and the header padded
/// with spaces to a multiple of eight bytes, so that all data is aligned. The same content gives the same bytes.
struct SafeTensorsPlan {
  /// What is known of a tensor before its elements are.
  struct Declaration {
    let name: String
    let dtype: DType
    let shape: [Int]

    init(_ name: String, _ dtype: DType, _ shape: [Int]) {
      self.name = name
      self.dtype = dtype
      self.shape = shape
    }

    /// How many bytes the elements take.
    var byteCount: Int { shape.reduce(dtype.bits, *) / 8 }
  }

  /// The first bytes of the file, the length of the header included.
  let header: [UInt8]
  /// The indices of the tensors, in the order of their data.
  let order: [Int]

  /// The layout of a file with these entries and tensors, whose names differ.
  init(metadata: SafeTensorsMetadata, _ tensors: [Declaration]) {
    order = tensors.indices.sorted { i, j in
      let (a, b) = (tensors[i], tensors[j])
      return a.dtype.bits != b.dtype.bits
        ? a.dtype.bits > b.dtype.bits : ExactString(a.name) < ExactString(b.name)
    }
    var text = Array(Self.text(metadata, order.map { tensors[$0] }).utf8)
    text += [UInt8](repeating: UInt8(ascii: " "), count: -text.count & 7)
    header = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
  }

  private static func text(_ metadata: SafeTensorsMetadata, _ tensors: [Declaration]) -> String {
    var members: [String] = []
    if !metadata.entries.isEmpty {
      let entries = metadata.entries.map {
        "\(jsonLiteral(of: $0.key)):\(jsonLiteral(of: $0.value))"
      }
      members.append("\"__metadata__\":{\(entries.joined(separator: ","))}")
    }
    var begin = 0
    for tensor in tensors {
      let end = begin + tensor.byteCount
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(jsonLiteral(of: tensor.name)):{\"dtype\":\"\(tensor.dtype.rawValue)\","
          + "\"shape\":[\(shape)],\"data_offsets\":[\(begin),\(end)]}")
      begin = end
    }
    return "{\(members.joined(separator: ","))}"
  }
}
