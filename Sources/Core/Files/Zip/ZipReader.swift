/// Reads the directory of a ZIP archive (APPNOTE.TXT 6.3.10; the numbers of its sections stand beside the fields).
struct ZipReader {
  private let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// More members than any checkpoint has tensors.
  static let memberLimit = 1 << 20

  private enum Signature {
    static let local: UInt32 = 0x0403_4B50
    static let central: UInt32 = 0x0201_4B50
    static let end: UInt32 = 0x0605_4B50
    static let end64: UInt32 = 0x0606_4B50
    static let locator64: UInt32 = 0x0706_4B50
  }

  /// All members, in the order of the directory; none overlaps another.
  mutating func members() throws(ZipFailure) -> [ZipArchive.Member] {
    let directory = try directory()
    guard directory.count <= Self.memberLimit else {
      throw .tooManyMembers(directory.count)
    }
    var members: [ZipArchive.Member] = []
    var occupied: [Range<Int>] = [directory.bytes]
    var position = directory.bytes.lowerBound
    for _ in 0..<directory.count {
      let (member, whole) = try member(at: &position, before: directory.bytes.upperBound)
      members.append(member)
      occupied.append(whole)
    }
    guard position == directory.bytes.upperBound else { throw .badDirectory }
    occupied.sort { $0.lowerBound < $1.lowerBound }
    for (a, b) in zip(occupied, occupied.dropFirst()) where a.upperBound > b.lowerBound {
      throw .overlap
    }
    return members
  }

  /// §4.3.12: one entry of the directory, and the bytes that its local header and data take.
  private func member(
    at position: inout Int, before end: Int
  ) throws(ZipFailure) -> (ZipArchive.Member, Range<Int>) {
    guard position + 46 <= end, u32(position) == Signature.central else { throw .badDirectory }
    let (nameCount, extraCount, commentCount) = (
      u16(position + 28), u16(position + 30), u16(position + 32)
    )
    let nameEnd = position + 46 + nameCount
    let extraEnd = nameEnd + extraCount
    guard extraEnd + commentCount <= end else { throw .badDirectory }
    let name = String(decoding: bytes[position + 46..<nameEnd], as: UTF8.self)
    guard name.utf8.elementsEqual(bytes[position + 46..<nameEnd]) else { throw .badDirectory }

    var wide = ZipReader.WideFields(self, nameEnd..<extraEnd)
    let count = try wide.take(u32(position + 24))
    let storedCount = try wide.take(u32(position + 20))
    let header = try wide.take(u32(position + 42))
    guard u16(position + 8) & 1 == 0 else { throw .encrypted(name) }
    let method = u16(position + 10)
    guard method == 0 || method == 8 else { throw .unknownMethod(name, method) }
    guard method == 8 || storedCount == count else { throw .badSizes(name) }
    // Deflate makes at most 1032 bytes of one (RFC 1951: 258 bytes in two bits).
    guard count / 1032 <= storedCount else { throw .badSizes(name) }
    let checksum = u32(position + 16)
    position = extraEnd + commentCount

    // §4.3.7: the local header tells where the data begins, and must tell of the same member.
    guard header <= bytes.count - 30, u32(header) == Signature.local else {
      throw .outside(name)
    }
    let localName = header + 30..<header + 30 + u16(header + 26)
    let data = localName.upperBound + u16(header + 28)
    guard data <= bytes.count, storedCount <= bytes.count - data else { throw .outside(name) }
    guard name.utf8.elementsEqual(bytes[localName]), u16(header + 8) == method else {
      throw .twoNames(name)
    }
    let member = ZipArchive.Member(
      name: name, bytes: data..<data + storedCount, isDeflated: method == 8, count: count,
      checksum: checksum)
    return (member, header..<data + storedCount)
  }

  private struct Directory {
    let count: Int
    let bytes: Range<Int>
  }

  /// §4.3.16: the record at the end, behind which only its comment stands; §4.3.14 where its fields are too narrow.
  private func directory() throws(ZipFailure) -> Directory {
    guard bytes.count >= 22 else { throw .notAnArchive }
    let last = bytes.count - 22
    let first = max(0, last - Int(UInt16.max))
    guard
      let end = stride(from: last, through: first, by: -1).first(where: {
        u32($0) == Signature.end && $0 + 22 + u16($0 + 20) == bytes.count
      })
    else { throw .notAnArchive }
    guard u16(end + 4) == 0, u16(end + 6) == 0, u16(end + 8) == u16(end + 10) else {
      throw .severalDisks
    }
    var (count, size, start) = (u16(end + 10), Int(u32(end + 12)), Int(u32(end + 16)))
    let locator = end - 20
    var behind = end
    if locator >= 0, u32(locator) == Signature.locator64 {
      let end64 = try int(u64(locator + 8))
      guard end64 <= locator - 56, u32(end64) == Signature.end64 else { throw .badDirectory }
      guard u32(end64 + 16) == 0, u32(end64 + 20) == 0 else { throw .severalDisks }
      (count, size, start) = (
        try int(u64(end64 + 32)), try int(u64(end64 + 40)), try int(u64(end64 + 48))
      )
      behind = end64
    }
    guard size <= behind, start <= behind - size, count <= size / 46 else { throw .badDirectory }
    return Directory(count: count, bytes: start..<start + size)
  }

  private func u16(_ position: Int) -> Int {
    Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt16.self)))
  }

  private func u32(_ position: Int) -> UInt32 {
    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
  }

  private func u64(_ position: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
  }

  /// A 64-bit number that may be a place in a file.
  private func int(_ value: UInt64) throws(ZipFailure) -> Int {
    guard let value = Int(exactly: value) else { throw .badDirectory }
    return value
  }

  /// §4.5.3: the 64-bit values of fields whose 32 bits are all ones, in the order of the fields.
  private struct WideFields {
    private let reader: ZipReader
    private var values: Range<Int>

    init(_ reader: ZipReader, _ extra: Range<Int>) {
      self.reader = reader
      values = extra.upperBound..<extra.upperBound
      var position = extra.lowerBound
      while position + 4 <= extra.upperBound {
        let end = position + 4 + reader.u16(position + 2)
        guard end <= extra.upperBound else { return }
        if reader.u16(position) == 1 {
          values = position + 4..<end
          return
        }
        position = end
      }
    }

    /// The value of the next field, whose narrow form is `narrow`.
    mutating func take(_ narrow: UInt32) throws(ZipFailure) -> Int {
      guard narrow == .max else { return Int(narrow) }
      guard values.count >= 8 else { throw .badDirectory }
      let value = try reader.int(reader.u64(values.lowerBound))
      values = values.lowerBound + 8..<values.upperBound
      return value
    }
  }
}
