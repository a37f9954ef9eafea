/// NumPy's arrays inside a pickle: detectron2's weights, mmengine's histories.
///
/// An array is `_reconstruct(ndarray, (0,), b'b')` with the state (version, shape, dtype, is_fortran, bytes); a dtype is
/// `dtype('f4', False, True)` with a state that begins (version, byte order).
struct NumPyObjects {
  private let graph: PickleGraph
  /// What the texts spell that protocol 2 has in place of bytes, by the texts' numbers: each is read once, however often it is used.
  private let spelled: [PickleGraph.Reference: FileContents]

  /// The arrays of a pickle.
  init(graph: PickleGraph) {
    self.graph = graph
    var spelled: [PickleGraph.Reference: FileContents] = [:]
    for reference in graph.nodes.indices {
      guard let text = Self.spelling(reference, in: graph), spelled[text] == nil else { continue }
      spelled[text] = Self.bytes(of: text, in: graph).map(FileContents.array)
    }
    self.spelled = spelled
  }

  /// The array that a call of `_reconstruct` makes; `nil` where its elements are no numbers.
  func array(_ call: PickleGraph.Call, named name: String) throws(TorchFailure) -> StoredTensor? {
    guard let state = call.state.flatMap(graph.elements), state.count == 5,
      let sizes = graph.elements(state[1]), case .bool(let isFortran) = graph[state[3]]
    else { throw .badTensor(name) }
    guard sizes.count <= 64 else { throw .badTensor(name) }
    let shape = sizes.compactMap(graph.int)
    guard shape.count == sizes.count, let (contents, place) = bytes(state[4]) else { return nil }
    guard let dtype = try dtype(state[2], of: name) else { return nil }
    let packed = StoredTensor.packedStrides(of: isFortran ? shape.reversed() : shape)
    let strides = isFortran ? packed.reversed() : packed
    let range = try TorchObjects.extent(
      shape, strides, 0, in: place.count * 8 / dtype.bits, name)
    guard range.count * dtype.bits / 8 == place.count else {
      throw .wrongStorageSize(
        name, expected: range.count * dtype.bits / 8, found: place.count)
    }
    return StoredTensor(name, dtype, shape, in: contents, place, strides: strides)
  }

  /// Where the bytes of an object stand, which all arrays that use them share.
  private func bytes(_ reference: PickleGraph.Reference) -> (FileContents, Range<Int>)? {
    if let place = graph.place(ofBytes: reference) { return (graph.contents, place) }
    return Self.spelling(reference, in: graph).flatMap { spelled[$0] }.map { ($0, 0..<$0.count) }
  }

  /// The text of a call `_codecs.encode(text, 'latin1')`, as protocol 2 spells bytes.
  private static func spelling(
    _ reference: PickleGraph.Reference, in graph: PickleGraph
  ) -> PickleGraph.Reference? {
    guard let (name, call) = graph.call(reference), name == "_codecs.encode" else { return nil }
    return graph.elements(call.arguments)?.first
  }

  /// A byte for each character of a text, `nil` where one is none.
  private static func bytes(
    of text: PickleGraph.Reference, in graph: PickleGraph
  ) -> [UInt8]? {
    guard let characters = graph.text(text, atMost: .max)?.unicodeScalars else { return nil }
    let bytes = characters.compactMap { UInt8(exactly: $0.value) }
    return bytes.count == characters.count ? bytes : nil
  }

  private func dtype(
    _ reference: PickleGraph.Reference, of name: String
  ) throws(TorchFailure) -> DType? {
    guard let (function, call) = graph.call(reference), function == "numpy.dtype",
      let code = graph.elements(call.arguments)?.first.flatMap({ graph.text($0) })
    else { throw .badTensor(name) }
    let state = call.state.flatMap(graph.elements) ?? []
    let order = state.count > 1 ? graph.text(state[1]) : nil
    guard order != ">" else { throw .bigEndian }
    return DType(numPy: code)
  }
}

extension DType {
  /// The type that NumPy writes as a letter and a number of bytes, such as `f4`; `nil` for one that is no number.
  init?(numPy code: String) {
    switch code {
    case "f2": self = .f16
    case "f4": self = .f32
    case "f8": self = .f64
    case "i1": self = .i8
    case "i2": self = .i16
    case "i4": self = .i32
    case "i8": self = .i64
    case "u1": self = .u8
    case "u2": self = .u16
    case "u4": self = .u32
    case "u8": self = .u64
    case "b1": self = .bool
    case "c8": self = .c64
    default: return nil
    }
  }
}
