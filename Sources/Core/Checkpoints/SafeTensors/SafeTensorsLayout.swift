extension SafeTensorsHeader {
  /// The tensors in the order of their data, once that is known to fill `dataSize` bytes without a hole.
  ///
  /// Checks what the reference does, in its order; `headerEnd` is where the data starts in the file.
  func layout(
    headerEnd: Int, dataSize: Int
  ) throws(SafeTensorsFailure.Reason) -> [SafeTensors.Entry] {
    // Swift's sort is stable: empty tensors on one offset stay in the order of the header.
    let ordered = tensors.sorted { ($0.begin, $0.end) < ($1.begin, $1.end) }
    var entries: [SafeTensors.Entry] = []
    entries.reserveCapacity(ordered.count)
    var expected = 0
    for tensor in ordered {
      if tensor.begin > expected {
        throw .hole(tensor: tensor.name, expected: expected, begin: tensor.begin)
      }
      if tensor.begin < expected {
        throw .overlap(tensor: tensor.name, expected: expected, begin: tensor.begin)
      }
      if tensor.end < tensor.begin {
        throw .reversedRange(tensor: tensor.name, begin: tensor.begin, end: tensor.end)
      }
      let size = try tensor.byteCount()
      guard tensor.end - tensor.begin == size else {
        throw .sizeMismatch(
          tensor: tensor.name, expected: size, found: tensor.end - tensor.begin)
      }
      expected = tensor.end
      entries.append(
        SafeTensors.Entry(
          name: tensor.name, dtype: tensor.dtype, shape: tensor.shape,
          byteRange: tensor.begin..<tensor.end))
    }

    let fileSize = headerEnd + dataSize
    let (expectedSize, isTooLarge) = expected.addingReportingOverflow(headerEnd)
    if isTooLarge || expectedSize > fileSize {
      throw .truncated(expected: isTooLarge ? .max : expectedSize, fileSize: fileSize)
    }
    if expectedSize < fileSize { throw .trailingBytes(expected: expectedSize, fileSize: fileSize) }
    return entries
  }
}

extension SafeTensorsHeader.Declaration {
  /// Bytes that shape and element type need.
  ///
  /// Multiplies from left to right in 64 unsigned bits, as the reference does: an empty tensor whose
  /// product overflows before its zero is refused.
  fileprivate func byteCount() throws(SafeTensorsFailure.Reason) -> Int {
    var product: UInt64 = 1
    for factor in shape + [dtype.bits] {
      let (next, isTooLarge) = product.multipliedReportingOverflow(by: UInt64(factor))
      if isTooLarge { throw .shapeOverflow(tensor: name, shape: shape) }
      product = next
    }
    guard product % 8 == 0 else { throw .partialByte(tensor: name, dtype: dtype, shape: shape) }
    return Int(product / 8)
  }
}
