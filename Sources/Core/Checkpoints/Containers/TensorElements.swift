/// The elements of a tensor of a file, read when they are asked for.
public struct TensorElements: Sendable {
  let dtype: DType
  let shape: [Int]
  /// In elements; `nil` where they are packed row by row.
  let strides: [Int]?
  let contents: FileContents
  let range: Range<Int>

  init(
    dtype: DType, shape: [Int], strides: [Int]?, contents: FileContents, range: Range<Int>
  ) {
    self.dtype = dtype
    self.shape = shape
    self.strides = strides
    self.contents = contents
    self.range = range
  }

  /// Floats that are held in memory, row by row.
  init(_ values: [Float], shape: [Int]) {
    let bytes = values.withUnsafeBytes { Array($0) }
    self.init(
      dtype: .f32, shape: shape, strides: nil, contents: .array(bytes), range: 0..<bytes.count)
  }

  private var count: Int { shape.reduce(1, *) }

  /// What `body` makes of the elements, packed row by row, little endian; they may be unaligned.
  ///
  /// Those that lie so already are not copied. The bytes are valid only inside it.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try contents.withBytes(in: range) { bytes throws(Failure) in
      guard let strides else { return try body(bytes) }
      let gathered = Self.gathered(bytes, shape, strides, width: dtype.bits / 8)
      return try FileContents.array(gathered).withBytes(body)
    }
  }

  /// What `body` makes of the elements as floats (``DType/becomesFloat``): those of the file itself where they are F32 and
  /// lie on whole words, else a copy.
  public func withFloats<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withBytes { bytes throws(Failure) in
      let address = Int(bitPattern: bytes.baseAddress)
      if dtype == .f32 && address % MemoryLayout<Float>.alignment == 0 {
        return try body(bytes.assumingMemoryBound(to: Float.self))
      }
      let values = [Float](unsafeUninitializedCapacity: count) { floats, initialized in
        dtype.convert(bytes, to: floats)
        initialized = count
      }
      return try values.withUnsafeBufferPointer { values throws(Failure) in try body(values) }
    }
  }

  /// The elements as floats.
  public var floats: [Float] { withFloats { Array($0) } }

  /// Lets go of the memory that a mapped file takes here.
  func release() { contents.release(range) }

  /// Strided elements of `width` bytes, packed row by row.
  private static func gathered(
    _ bytes: UnsafeRawBufferPointer, _ shape: [Int], _ strides: [Int], width: Int
  ) -> [UInt8] {
    let count = shape.reduce(1, *)
    return [UInt8](unsafeUninitializedCapacity: count * width) { target, initialized in
      initialized = count * width
      guard count > 0, let source = bytes.baseAddress, let base = target.baseAddress else { return }
      var index = [Int](repeating: 0, count: shape.count)
      var offset = 0
      for i in 0..<count {
        (base + i * width).update(
          from: source.assumingMemoryBound(to: UInt8.self) + offset * width, count: width)
        for axis in shape.indices.reversed() {
          index[axis] += 1
          offset += strides[axis]
          if index[axis] < shape[axis] { break }
          offset -= strides[axis] * shape[axis]
          index[axis] = 0
        }
      }
    }
  }
}

extension DType {
  /// Whether elements of this type become `Float`: F16 and BF16 exactly, F64 and whole numbers rounded to the nearest.
  public var becomesFloat: Bool {
    switch self {
    case .bool, .u8, .i8, .i16, .u16, .f16, .bf16, .i32, .u32, .f32, .f64, .i64, .u64: true
    case .f4, .f6E2M3, .f6E3M2, .f8E5M2, .f8E4M3, .f8E8M0, .f8E4M3FNUZ, .f8E5M2FNUZ, .c64: false
    }
  }

  /// Writes the elements in `bytes`, aligned or not, as floats.
  fileprivate func convert(
    _ bytes: UnsafeRawBufferPointer, to floats: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(becomesFloat, "\(rawValue) has no conversion to floats")
    precondition(
      bytes.count == floats.count * bits / 8, "\(bytes.count) bytes for \(floats.count) floats")
    guard let source = bytes.baseAddress, let target = floats.baseAddress, !floats.isEmpty else {
      return
    }
    func each<Element>(_: Element.Type, _ convert: (Element) -> Float) {
      for i in floats.indices {
        let offset = i * MemoryLayout<Element>.size
        target[i] = convert(source.loadUnaligned(fromByteOffset: offset, as: Element.self))
      }
    }
    switch self {
    case .f32: UnsafeMutableRawBufferPointer(floats).copyMemory(from: bytes)
    case .f16: HalfPrecision.widen(f16: source, to: target, floats.count)
    case .bf16: HalfPrecision.widen(bf16: source, to: target, floats.count)
    case .f64: each(Double.self) { Float($0) }
    case .bool: each(UInt8.self) { $0 == 0 ? 0 : 1 }
    case .u8: each(UInt8.self) { Float($0) }
    case .i8: each(Int8.self) { Float($0) }
    case .u16: each(UInt16.self) { Float($0) }
    case .i16: each(Int16.self) { Float($0) }
    case .u32: each(UInt32.self) { Float($0) }
    case .i32: each(Int32.self) { Float($0) }
    case .u64: each(UInt64.self) { Float($0) }
    case .i64: each(Int64.self) { Float($0) }
    default: break
    }
  }
}
