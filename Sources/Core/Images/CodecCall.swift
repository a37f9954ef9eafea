/// The calling convention that the C codecs share.
enum CodecCall {
  /// Runs `body`, which returns whether it succeeded and else leaves a reason in the buffer that it
  /// is given.
  ///
  /// - Returns: the reason of the failure, or nil after success.
  static func reason(
    size: CInt, _ body: (UnsafeMutablePointer<CChar>) -> Bool
  ) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(size)) { message in
      message.initialize(repeating: 0)
      guard let start = message.baseAddress, !body(start) else { return nil }
      return String(cString: start)
    }
  }

  /// The `count` samples that `body` decodes into the memory it is given, with a buffer for the reason of a failure.
  static func decoded<Sample>(
    _ format: ImageFormat, count: Int, messageSize: CInt,
    _ body: (UnsafeMutablePointer<Sample>?, UnsafeMutablePointer<CChar>) -> Bool
  ) throws(CodecFailure) -> [Sample] {
    var failure: String?
    let samples = [Sample](unsafeUninitializedCapacity: count) { samples, initialized in
      failure = reason(size: messageSize) { body(samples.baseAddress, $0) }
      initialized = failure == nil ? count : 0
    }
    if let failure { throw .undecodable(format, reason: failure) }
    return samples
  }

  /// Appends encoded bytes to the `[UInt8]` that `context` points to.
  static let append: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, Int) -> Void =
    { context, bytes, count in
      let output = context?.assumingMemoryBound(to: [UInt8].self)
      output?.pointee.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
    }
}
