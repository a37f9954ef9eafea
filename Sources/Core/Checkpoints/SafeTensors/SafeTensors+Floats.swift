extension SafeTensors {
  /// The elements of the tensor `name` as `Float`, row-major.
  ///
  /// F32 is copied; F16 and BF16 widen exactly; any other type is a failure.
  public func floats(_ name: String) throws(SafeTensorsFailure) -> [Float] {
    guard let entry = self[name] else {
      throw SafeTensorsFailure(file: file, reason: .noSuchTensor(name))
    }
    guard entry.dtype.widensToFloat else {
      throw SafeTensorsFailure(
        file: file, reason: .notConvertible(tensor: name, dtype: entry.dtype))
    }
    return [Float](unsafeUninitializedCapacity: entry.elementCount) { floats, count in
      copyFloats(of: entry, to: floats)
      count = entry.elementCount
    }
  }

  /// Writes the elements of `entry` as `Float` into `floats`, which must have exactly their number.
  ///
  /// For callers that own the memory already. The tensor must be one of this file, and F32, F16 or BF16.
  public func copyFloats(of entry: Entry, to floats: UnsafeMutableBufferPointer<Float>) {
    precondition(
      entry.dtype.widensToFloat, "\(entry.name) is \(entry.dtype.rawValue), not F32, F16 or BF16")
    precondition(
      floats.count == entry.elementCount,
      "\(entry.name) has \(entry.elementCount) elements, not \(floats.count)")
    guard let target = floats.baseAddress, !floats.isEmpty else { return }
    withBytes(of: entry) { bytes in
      guard let source = bytes.baseAddress else { return }
      switch entry.dtype {
      case .f16: HalfPrecision.widen(f16: source, to: target, floats.count)
      case .bf16: HalfPrecision.widen(bf16: source, to: target, floats.count)
      default: UnsafeMutableRawBufferPointer(floats).copyMemory(from: bytes)
      }
    }
  }

  /// What `body` makes of the elements of `entry`: those of the file itself where they are F32 and lie on whole words, else
  /// a copy.
  ///
  /// They are valid only inside it. The tensor must be one of this file, and F32, F16 or BF16.
  func withFloats<Result, Failure: Error>(
    of entry: Entry, _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withBytes(of: entry) { bytes throws(Failure) in
      let address = Int(bitPattern: bytes.baseAddress)
      if entry.dtype == .f32 && address % MemoryLayout<Float>.alignment == 0 {
        return try body(bytes.assumingMemoryBound(to: Float.self))
      }
      let values = [Float](unsafeUninitializedCapacity: entry.elementCount) { floats, count in
        copyFloats(of: entry, to: floats)
        count = entry.elementCount
      }
      return try values.withUnsafeBufferPointer { values throws(Failure) in try body(values) }
    }
  }
}

extension DType {
  /// Whether elements of this type become `Float` without loss.
  public var widensToFloat: Bool { self == .f32 || self == .f16 || self == .bf16 }
}
