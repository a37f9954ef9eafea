/// Walks the headers of a tar archive: blocks of 512 bytes, a header before the contents of each member.
///
/// POSIX.1-2017, "pax Interchange Format" and "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
struct TarReader {
  private static let block = 512
  /// The most that a header of names may hold; far longer than any path.
  private static let longestExtension = 1 << 20

  private let bytes: UnsafeRawBufferPointer
  private let path: String
  private var offset = 0

  /// A reader of the archive in `bytes`; `path` is for messages.
  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// What an extension header says of the member that follows it.
  private struct Extension {
    var path: String?
    var size: Int?
  }

  /// All regular files, by path.
  mutating func members() throws(TarFailure) -> [TarArchive.Member] {
    var found: [String: Range<Int>] = [:]
    var said = Extension()
    // A block of zeros ends the archive, and only that: whatever is cut off is noticed.
    while let header = try nextHeader() {
      let kind = header[156]
      let stored = try number(header, 124, 12, "the size")
      let size = kind == UInt8(ascii: "x") ? stored : said.size ?? stored
      guard size <= bytes.count - offset else { throw .truncated(path: path) }
      let contents = offset..<offset + size
      offset += (size + Self.block - 1) / Self.block * Self.block

      switch kind {
      case UInt8(ascii: "x"): try readRecords(contents, into: &said)
      case UInt8(ascii: "L"): said.path = try name(in: contents)
      case UInt8(ascii: "K"), UInt8(ascii: "g"): break  // the name of a link; what holds for all
      case UInt8(ascii: "S"):
        throw malformed(contents.lowerBound, "a sparse file")
      case 0, UInt8(ascii: "0"), UInt8(ascii: "7"):
        let name = Self.plain(said.path ?? headerName(header))
        // In the format of Version 7 a folder is a file whose name ends in a slash.
        if !name.isEmpty && !name.hasSuffix("/") { found[name] = contents }
        said = Extension()
      default: said = Extension()
      }
    }
    return found.map { TarArchive.Member(path: $0.key, bytes: $0.value) }
      .sorted { $0.path < $1.path }
  }

  /// The next header, `nil` at the end of the archive.
  private mutating func nextHeader() throws(TarFailure) -> Slice<UnsafeRawBufferPointer>? {
    guard offset <= bytes.count - Self.block else { throw .truncated(path: path) }
    let start = offset
    let block = UnsafeRawBufferPointer(rebasing: bytes[start..<start + Self.block])
    offset += Self.block
    if block.allSatisfy({ $0 == 0 }) { return nil }
    // The sum of all bytes, those of the sum itself taken for blanks; old programs added signed bytes.
    var (unsigned, signed) = (0, 0)
    for (i, byte) in block.enumerated() {
      let byte = (148..<156).contains(i) ? UInt8(ascii: " ") : byte
      unsigned += Int(byte)
      signed += Int(Int8(bitPattern: byte))
    }
    let sum = try number(block[...], 148, 8, "the checksum")
    guard sum == unsigned || sum == signed else {
      throw malformed(start, start == 0 ? "no tar header" : "a wrong checksum")
    }
    return block[...]
  }

  /// The number in a field: octal digits, or binary with the top bit set as GNU tar writes large ones.
  private func number(
    _ header: Slice<UnsafeRawBufferPointer>, _ start: Int, _ count: Int, _ what: String
  ) throws(TarFailure) -> Int {
    let field = header[start..<start + count]
    let place = offset - Self.block + start
    var value = 0
    if let first = field.first, first & 0x80 != 0 {
      guard first == 0x80 else { throw malformed(place, "\(what) is negative or beyond reason") }
      for byte in field.dropFirst() {
        guard value <= Int.max >> 8 else { throw malformed(place, "\(what) is beyond reason") }
        value = value << 8 | Int(byte)
      }
      return value
    }
    let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix {
      $0 != UInt8(ascii: " ") && $0 != 0
    }
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else {
        throw malformed(place, place < Self.block ? "no tar header" : "\(what) is no octal number")
      }
      value = value << 3 | Int(digit - UInt8(ascii: "0"))  // 12 digits of 3 bits at most
    }
    return value
  }

  /// The path in a header: ustar's prefix, which GNU tar uses otherwise, and the name.
  private func headerName(_ header: Slice<UnsafeRawBufferPointer>) -> String {
    let name = Self.text(header[0..<100])
    let isUstar = header[257..<263].elementsEqual(Array("ustar\0".utf8))
    let prefix = isUstar ? Self.text(header[345..<500]) : ""
    return prefix.isEmpty ? name : prefix + "/" + name
  }

  /// The name that GNU tar keeps in the contents of a member of its own.
  private func name(in contents: Range<Int>) throws(TarFailure) -> String {
    guard contents.count <= Self.longestExtension else {
      throw malformed(contents.lowerBound, "a name of \(contents.count) bytes")
    }
    return Self.text(bytes[contents])
  }

  /// The records of a pax header, each `LENGTH KEY=VALUE\n` where the length counts the whole record.
  private func readRecords(
    _ contents: Range<Int>, into said: inout Extension
  ) throws(TarFailure) {
    guard contents.count <= Self.longestExtension else {
      throw malformed(contents.lowerBound, "a pax header of \(contents.count) bytes")
    }
    var rest = bytes[contents]
    while !rest.isEmpty {
      let start = rest.startIndex
      guard let blank = rest.firstIndex(of: UInt8(ascii: " ")),
        let length = Int(String(decoding: rest[..<blank], as: UTF8.self)), length <= rest.count,
        start + length > blank + 1, rest[start + length - 1] == UInt8(ascii: "\n"),
        let equals = rest[blank..<start + length].firstIndex(of: UInt8(ascii: "="))
      else { throw malformed(start, "a damaged pax record") }
      let value = String(decoding: rest[(equals + 1)..<(start + length - 1)], as: UTF8.self)
      switch String(decoding: rest[(blank + 1)..<equals], as: UTF8.self) {
      case "path": said.path = value
      case "size":
        guard let size = Int(value), size >= 0 else { throw malformed(start, "the pax size") }
        said.size = size
      case "GNU.sparse.major", "GNU.sparse.map", "GNU.sparse.size":
        throw malformed(start, "a sparse file")
      default: break
      }
      rest = rest[(start + length)...]
    }
  }

  private func malformed(_ offset: Int, _ reason: String) -> TarFailure {
    .malformed(path: path, offset: offset, reason: reason)
  }

  /// The bytes up to the first zero as text.
  private static func text(_ field: Slice<UnsafeRawBufferPointer>) -> String {
    String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// A path without empty and `.` components; a slash at its end stays.
  private static func plain(_ path: String) -> String {
    let components = path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    return path.hasSuffix("/") ? components + "/" : components
  }
}
