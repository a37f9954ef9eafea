/// Reads the objects of a PyTorch pickle as tensors, from descriptions alone: no function that the pickle names is called.
///
/// A tensor is a call of `torch._utils._rebuild_tensor_v2` with a storage, an offset, a size and strides; a parameter is a
/// call with a tensor. NumPy's arrays and scalars are pickled with their bytes inside.
struct TorchObjects {
  let graph: PickleGraph
  /// Where the storage of a key stands, of how many bytes; `nil` where there is none.
  private let storage: (String) throws(TorchFailure) -> Storage?
  private let arrays: NumPyObjects

  /// The objects of a pickle whose storages stand where `storage` says.
  init(graph: PickleGraph, storage: @escaping (String) throws(TorchFailure) -> Storage?) {
    self.graph = graph
    self.storage = storage
    arrays = NumPyObjects(graph: graph)
  }

  /// The bytes of a storage, which tensors share.
  enum Storage {
    case file(FileContents, Range<Int>)
    case member(ZipArchive, ZipArchive.Member)

    var byteCount: Int {
      switch self {
      case .file(_, let range): range.count
      case .member(_, let member): member.count
      }
    }
  }

  /// The most elements of a tensor that repeats its storage (PyTorch's `expand`): 24 bytes can claim to be terabytes.
  static let expansionLimit = 1 << 24

  /// The tensor that an object is, by the name `name`; `nil` where it is none.
  func tensor(_ reference: PickleGraph.Reference, named name: String) throws(TorchFailure)
    -> StoredTensor?
  {
    var reference = reference
    // A parameter holds a tensor, and so may what it is wrapped in; no file nests them deeper than a few.
    for _ in 0..<8 {
      guard let (function, call) = graph.call(reference),
        let arguments = graph.elements(call.arguments)
      else { return nil }
      switch function {
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2",
        "torch._utils._rebuild_tensor_v3":
        return try rebuilt(arguments, function, named: name)
      case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
        guard let tensor = arguments.first else { throw .badTensor(name) }
        reference = tensor
      case "torch._tensor._rebuild_from_type_v2":
        // (function, type, arguments, state)
        guard arguments.count == 4, let inner = graph.elements(arguments[2]),
          let function = graph.globalName(arguments[0])
        else { throw .badTensor(name) }
        switch function {
        case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3":
          return try rebuilt(inner, function, named: name)
        case "torch._utils._rebuild_parameter" where !inner.isEmpty: reference = inner[0]
        default: return nil
        }
      case "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct":
        return try arrays.array(call, named: name)
      default: return nil
      }
    }
    throw .badTensor(name)
  }

  private func rebuilt(
    _ arguments: [PickleGraph.Reference], _ function: String, named name: String
  ) throws(TorchFailure) -> StoredTensor {
    guard arguments.count >= 4, let offset = graph.int(arguments[1]),
      let shape = ints(arguments[2]), let strides = ints(arguments[3])
    else { throw .badTensor(name) }
    let (storage, type) = try storage(of: arguments[0], name)
    var dtype = type
    if function.hasSuffix("v3") {
      guard arguments.count >= 7, let named = graph.globalName(arguments[6]) else {
        throw .badTensor(name)
      }
      dtype = try Self.dtype(named: named, of: name)
    }
    guard let dtype else { throw .badTensor(name) }
    let range = try Self.extent(
      shape, strides, offset, in: storage.byteCount / (dtype.bits / 8), name)
    let width = dtype.bits / 8
    let bytes = range.lowerBound * width..<range.upperBound * width
    switch storage {
    case .file(let contents, let place):
      let start = place.lowerBound
      return StoredTensor(
        name, dtype, shape, in: contents,
        start + bytes.lowerBound..<start + bytes.upperBound, strides: strides)
    case .member(let archive, let member):
      return StoredTensor(name, dtype, shape, in: member, of: archive, bytes, strides: strides)
    }
  }

  /// The storage that a persistent identifier `('storage', type, key, location, count)` names, and the type of its elements,
  /// `nil` for an untyped one.
  private func storage(
    of reference: PickleGraph.Reference, _ name: String
  ) throws(TorchFailure) -> (Storage, DType?) {
    guard case .persistent(let identifier) = graph[reference],
      let parts = graph.elements(identifier), parts.count >= 5, graph.text(parts[0]) == "storage",
      let type = graph.globalName(parts[1]), let key = graph.text(parts[2]),
      let count = graph.int(parts[4]), count >= 0
    else { throw .badTensor(name) }
    // The sixth part is of legacy files, and of those before PyTorch 0.4: a view of a storage.
    if parts.count > 5, case .none = graph[parts[5]] {
    } else if parts.count > 5 {
      throw .storageView(name)
    }
    let dtype =
      type.hasSuffix(".UntypedStorage") ? nil : try Self.dtype(storage: type, of: name)
    guard let storage = try self.storage(key) else { throw .noStorage(name, key: key) }
    let width = (dtype?.bits ?? 8) / 8
    let (bytes, isTooLarge) = count.multipliedReportingOverflow(by: width)
    guard !isTooLarge, storage.byteCount == bytes else {
      throw .wrongStorageSize(
        name, expected: isTooLarge ? .max : bytes, found: storage.byteCount)
    }
    return (storage, dtype)
  }

  /// The elements of a storage of `count` that a tensor reads, from its first to its last.
  static func extent(
    _ shape: [Int], _ strides: [Int], _ offset: Int, in count: Int, _ name: String
  ) throws(TorchFailure) -> Range<Int> {
    guard shape.count == strides.count, offset >= 0, shape.allSatisfy({ $0 >= 0 }),
      strides.allSatisfy({ $0 >= 0 })
    else { throw .badTensor(name) }
    var elements = 1
    var last = offset
    for (size, stride) in zip(shape, strides) {
      let (product, overflows) = elements.multipliedReportingOverflow(by: size)
      let (step, stepOverflows) = max(size - 1, 0).multipliedReportingOverflow(by: stride)
      let (sum, sumOverflows) = last.addingReportingOverflow(step)
      // A size of 0 later on does not make an overflow harmless.
      guard !overflows, !stepOverflows, !sumOverflows else { throw .outsideStorage(name) }
      (elements, last) = (product, sum)
    }
    guard elements > 0 else { return 0..<0 }
    guard last < count else { throw .outsideStorage(name) }
    guard elements <= max(count, expansionLimit) else {
      throw .expanded(name, elements: elements, stored: count)
    }
    return offset..<last + 1
  }

  /// At most 64 whole numbers, which is all that PyTorch has axes for.
  private func ints(_ reference: PickleGraph.Reference) -> [Int]? {
    var reference = reference
    // torch.Size is a call with a tuple.
    if let (name, call) = graph.call(reference), name == "torch.Size",
      let inner = graph.elements(call.arguments), inner.count == 1
    {
      reference = inner[0]
    }
    guard let elements = graph.elements(reference), elements.count <= 64 else { return nil }
    let ints = elements.compactMap(graph.int)
    return ints.count == elements.count ? ints : nil
  }

  private static let dtypes: [(storage: String, name: String, dtype: DType)] = [
    ("FloatStorage", "float32", .f32), ("DoubleStorage", "float64", .f64),
    ("HalfStorage", "float16", .f16), ("BFloat16Storage", "bfloat16", .bf16),
    ("LongStorage", "int64", .i64), ("IntStorage", "int32", .i32), ("ShortStorage", "int16", .i16),
    ("CharStorage", "int8", .i8), ("ByteStorage", "uint8", .u8), ("BoolStorage", "bool", .bool),
    ("ComplexFloatStorage", "complex64", .c64),
    // These have no storage class of their own.
    ("", "uint16", .u16), ("", "uint32", .u32), ("", "uint64", .u64),
    ("", "float8_e4m3fn", .f8E4M3), ("", "float8_e5m2", .f8E5M2),
  ]

  private static func dtype(storage: String, of name: String) throws(TorchFailure) -> DType {
    guard
      let row = dtypes.first(where: {
        !$0.storage.isEmpty
          && (storage == "torch.\($0.storage)" || storage == "torch.storage.\($0.storage)")
      })
    else { throw .unknownType(name, storage) }
    return row.dtype
  }

  /// How many bytes an element of a storage class takes; untyped ones count bytes.
  static func elementWidth(storage: String) -> Int? {
    if storage.hasSuffix(".UntypedStorage") { return 1 }
    return (try? dtype(storage: storage, of: "")).map { $0.bits / 8 }
  }

  private static func dtype(named type: String, of name: String) throws(TorchFailure) -> DType {
    guard let row = dtypes.first(where: { "torch.\($0.name)" == type }) else {
      throw .unknownType(name, type)
    }
    return row.dtype
  }
}
