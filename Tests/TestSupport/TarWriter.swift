/// Writes tar archives, sound ones and others, for tests of the reader.
public struct TarWriter {
  /// The archive so far; its end is not in it yet.
  public private(set) var bytes: [UInt8] = []

  /// Begins an archive.
  public init() {}

  /// Adds a member of any type, `0` being a file, whose header `change` may spoil before its checksum is made.
  public mutating func add(
    _ name: String, _ contents: [UInt8], type: Character = "0", prefix: String = "",
    magic: String = "ustar\u{0}00", change: (inout [UInt8]) -> Void = { _ in }
  ) {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
    }
    put(name, at: 0)
    put("0000644\u{0}0000000\u{0}0000000\u{0}", at: 100)
    let size = String(contents.count, radix: 8)
    put(String(repeating: "0", count: 11 - size.count) + size, at: 124)
    put("00000000000", at: 136)
    put(String(type), at: 156)
    put(magic, at: 257)
    put(prefix, at: 345)
    change(&header)
    header.replaceSubrange(148..<156, with: repeatElement(UInt8(ascii: " "), count: 8))
    let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
    put(String(repeating: "0", count: 6 - sum.count) + sum + "\u{0}", at: 148)
    bytes += header + contents + [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512)
  }

  /// Adds a pax header for the next member.
  public mutating func addPax(_ records: [(key: String, value: String)]) {
    let text = records.map { key, value in
      let rest = " \(key)=\(value)\n"
      var length = rest.utf8.count
      while "\(length)".utf8.count + rest.utf8.count != length { length += 1 }
      return "\(length)\(rest)"
    }
    add("PaxHeaders/x", Array(text.joined().utf8), type: "x")
  }

  /// The archive with its end.
  public var finished: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }
}
