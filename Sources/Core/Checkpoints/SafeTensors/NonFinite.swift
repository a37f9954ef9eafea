/// The index of the first NaN or infinity among `values`; `nil` if all are finite.
///
/// Reads at the speed of memory: whole blocks are tested at once, and only one that fails is searched.
public func firstNonFiniteIndex(in values: UnsafeBufferPointer<Float>) -> Int? {
  let blockSize = 4096
  var start = 0
  while start < values.count {
    let block = start..<min(start + blockSize, values.count)
    if holdsNonFinite(UnsafeBufferPointer(rebasing: values[block])) {
      return block.first { !values[$0].isFinite }
    }
    start = block.upperBound
  }
  return nil
}

/// Whether any exponent is all ones, tested without leaving the loop early so that it runs as vectors.
private func holdsNonFinite(_ values: UnsafeBufferPointer<Float>) -> Bool {
  var largest: Int32 = 0
  for i in 0..<values.count {
    largest = max(largest, Int32(bitPattern: values[i].bitPattern & 0x7F80_0000))
  }
  return largest == 0x7F80_0000
}
