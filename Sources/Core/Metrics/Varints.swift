/// Writes whole numbers in 7 bits a byte, the lowest first, and runs of zeros as a 0 and how many more follow.
struct VarintWriter {
  var bytes: [UInt8]

  /// Appends one number as it is.
  mutating func append(_ number: UInt64) {
    var rest = number
    while rest > 127 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Appends numbers, runs of zeros shortened.
  mutating func append(_ numbers: [UInt64]) {
    var i = 0
    while i < numbers.count {
      append(numbers[i])
      guard numbers[i] == 0 else {
        i += 1
        continue
      }
      let end = numbers[i...].firstIndex { $0 != 0 } ?? numbers.count
      append(UInt64(end - i - 1))
      i = end
    }
  }
}

/// Reads what ``VarintWriter`` writes and refuses every other form of it.
struct VarintReader {
  /// Beyond this a number is no count; sums of 256 of them still fit.
  private static let limit: UInt64 = 1 << 56

  private let bytes: ArraySlice<UInt8>
  private var place: Int
  /// Zeros of the present run that are still to come; a run may cross from one group of counters to the next.
  private var zeros: UInt64 = 0
  private var afterZeros = false

  init(bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  /// The next number as it stands.
  mutating func number() throws(CountsFailure) -> UInt64 {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while place < bytes.endIndex, shift < 63 {
      let byte = bytes[place]
      place += 1
      number |= UInt64(byte & 127) << shift
      shift += 7
      guard byte < 128 else { continue }
      // A last byte of 0 only makes the same number longer.
      guard number < Self.limit, byte > 0 || shift == 7 else { throw .damaged }
      return number
    }
    throw .damaged
  }

  /// The next `count` numbers.
  mutating func numbers(_ count: Int) throws(CountsFailure) -> [UInt64] {
    var numbers = [UInt64](repeating: 0, count: count)
    var i = 0
    while i < count {
      if zeros > 0 {
        let step = min(zeros, UInt64(count - i))
        zeros -= step
        i += Int(step)
        continue
      }
      let value = try number()
      if value == 0 {
        guard !afterZeros else { throw .damaged }
        zeros = try number() + 1
      } else {
        numbers[i] = value
        i += 1
      }
      afterZeros = value == 0
    }
    return numbers
  }

  /// Refuses anything that is left.
  func finish() throws(CountsFailure) {
    guard place == bytes.endIndex && zeros == 0 else { throw .damaged }
  }
}
