/// The bytes of a file: mapped from the disk, or held in memory.
enum FileContents: Sendable {
  case mapping(MappedFile)
  case array([UInt8])

  /// The number of bytes.
  var count: Int {
    switch self {
    case .mapping(let file): file.count
    case .array(let bytes): bytes.count
    }
  }

  /// What `body` makes of all bytes, which are valid only inside it.
  func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch self {
    case .mapping(let file): try file.withBytes(body)
    case .array(let bytes):
      try bytes.withUnsafeBufferPointer { buffer throws(Failure) in
        try body(UnsafeRawBufferPointer(buffer))
      }
    }
  }

  /// What `body` makes of the bytes of a range, which must lie inside.
  func withBytes<Result, Failure: Error>(
    in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withBytes { bytes throws(Failure) in
      precondition(range.upperBound <= bytes.count, "bytes \(range) of \(bytes.count)")
      return try body(UnsafeRawBufferPointer(rebasing: bytes[range]))
    }
  }

  /// Lets go of the memory that the mapped bytes of a range take; they are read again when they are asked for.
  func release(_ range: Range<Int>) {
    if case .mapping(let file) = self { file.release(range) }
  }
}
