/// The 64-bit FNV-1a hash (Fowler, Noll and Vo): tells contents apart that differ by accident, not by malice.
public struct FNV1a: Sendable {
  /// The hash of all bytes so far.
  public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The hash in 16 hexadecimal digits.
  public var hexadecimal: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The hash of no bytes.
  public init() {}

  /// Takes in further bytes.
  public mutating func combine(_ bytes: UnsafeRawBufferPointer) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
  }

  /// Takes in the UTF-8 bytes of `text`.
  public mutating func combine(_ text: String) { Array(text.utf8).withUnsafeBytes { combine($0) } }
}
