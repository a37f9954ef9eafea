/// Why bytes are no counts of an image.
public enum CountsFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// Written by another version of the program.
  case version(UInt8)
  /// Cut short, longer than they say, or changed.
  case damaged

  /// What is wrong, and the remedy.
  public var description: String {
    switch self {
    case .version(let found):
      "the counts of an image have format \(found), expected \(ImageCounts.formatVersion); evaluate it again, or use the version of hfgd that counted it"
    case .damaged: "the counts of an image are damaged; evaluate it again"
    }
  }
}

/// The stored form: version, extras, K, all numbers in the order of the properties, and a 32-bit FNV-1a hash of these bytes.
///
/// Numbers are varints of 7 bits a byte, the lowest first. Most are zero: a 0 is followed by how many more zeros come. Each
/// value has exactly one form, so equal counts are equal bytes.
extension ImageCounts {
  static let formatVersion: UInt8 = 1

  /// The most classes whose counts are kept; a matrix of more would be an attack on the memory.
  public static let classLimit = 4096

  /// The bytes that ``init(decoding:)`` reads: 0.1 to 2 kB for 19 classes, at most 20 kB with everything counted.
  public func encoded() -> [UInt8] {
    var writer = VarintWriter(bytes: [Self.formatVersion, extras.rawValue])
    writer.append(UInt64(classes))
    writer.append(numbers)
    let hash = Self.hash(writer.bytes)
    return writer.bytes + (0..<4).map { UInt8(truncatingIfNeeded: hash >> (8 * $0)) }
  }

  /// The counts whose bytes ``encoded()`` gave; anything else is refused.
  public init(decoding bytes: [UInt8]) throws(CountsFailure) {
    guard let version = bytes.first else { throw .damaged }
    guard version == Self.formatVersion else { throw .version(version) }
    guard bytes.count > 6 else { throw .damaged }
    let hash = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[bytes.count - 4 + $1]) << (8 * $1) }
    let extras = Extras(rawValue: bytes[1])
    guard hash == Self.hash(bytes.dropLast(4)), extras.isSubset(of: .all) else { throw .damaged }
    var reader = VarintReader(bytes: bytes[2..<(bytes.count - 4)])
    let classes = try reader.number()
    guard classes > 0 && classes <= UInt64(Self.classLimit) else { throw .damaged }
    self.init(classes: Int(classes), extras: extras)
    try confusion.read(&reader)
    try boundary?.read(&reader)
    try bands?.read(&reader)
    try calibration?.read(&reader)
    try components?.read(&reader)
    try instances?.read(&reader)
    try reader.finish()
  }

  private var numbers: [UInt64] {
    confusion.counts + (boundary?.numbers ?? []) + (bands?.numbers ?? [])
      + (calibration?.numbers ?? []) + (components?.numbers ?? []) + (instances?.numbers ?? [])
  }

  private static func hash(_ bytes: some Sequence<UInt8>) -> UInt32 {
    bytes.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
  }
}

extension Counters {
  fileprivate mutating func read(_ reader: inout VarintReader) throws(CountsFailure) {
    numbers = try reader.numbers(numbers.count)
  }
}
