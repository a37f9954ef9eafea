import CZlib

/// The members of a ZIP archive, read where they stand.
///
/// Only the central directory counts (APPNOTE.TXT 6.3.10 §4.3.12): writers of streams leave sizes out of the local headers.
/// Stored and deflated members are known, and the 64-bit extensions. An archive is checked as a whole before any member
/// is read: each must lie inside the file, have a name of its own and share no byte with another. Nothing is ever unpacked to a disk,
/// so a name may hold any path.
public struct ZipArchive: Sendable {
  /// A file in the archive.
  public struct Member: Sendable, Equatable {
    /// The name, slashes between folders.
    public let name: String
    /// Where its bytes stand in the archive, deflated or not.
    public let bytes: Range<Int>
    /// Whether they are deflated.
    public let isDeflated: Bool
    /// How many bytes it has when they are inflated.
    public let count: Int
    /// The CRC-32 of those.
    let checksum: UInt32
  }

  /// The members in the order of the directory.
  public let members: [Member]
  let contents: FileContents
  private let indices: [ExactString: Int]

  /// Reads the directory of an archive.
  init(_ contents: FileContents) throws(ZipFailure) {
    let members = try contents.withBytes { bytes throws(ZipFailure) in
      var reader = ZipReader(bytes)
      return try reader.members()
    }
    var indices: [ExactString: Int] = [:]
    for (i, member) in members.enumerated() {
      guard indices.updateValue(i, forKey: ExactString(member.name)) == nil else {
        throw .duplicate(member.name)
      }
    }
    self.members = members
    self.contents = contents
    self.indices = indices
  }

  /// The member called `name`, compared byte by byte.
  subscript(name: String) -> Member? { indices[ExactString(name)].map { members[$0] } }

  /// What `body` makes of the contents of a member of at most `limit` bytes, whose CRC-32 is checked.
  func withContents<Result>(
    of member: Member, atMost limit: Int,
    _ body: (UnsafeRawBufferPointer) throws(ZipFailure) -> Result
  ) throws(ZipFailure) -> Result {
    guard member.count <= limit else {
      throw .tooLarge(member.name, count: member.count, limit: limit)
    }
    return try contents.withBytes(in: member.bytes) { stored throws(ZipFailure) in
      if !member.isDeflated {
        guard stored.crc32 == member.checksum else { throw .wrongChecksum(member.name) }
        return try body(stored)
      }
      let inflated = FileContents.array(try stored.inflated(member, count: member.count))
      return try inflated.withBytes { bytes throws(ZipFailure) in
        guard bytes.crc32 == member.checksum else { throw .wrongChecksum(member.name) }
        return try body(bytes)
      }
    }
  }

  /// The first `count` bytes of a member, or all of a shorter one; nothing can be checked of them.
  func start(of member: Member, _ count: Int) throws(ZipFailure) -> [UInt8] {
    let count = min(count, member.count)
    return try contents.withBytes(in: member.bytes) { stored throws(ZipFailure) in
      member.isDeflated ? try stored.inflated(member, count: count) : Array(stored.prefix(count))
    }
  }

  /// A copy of the contents of a member of at most `limit` bytes.
  func contents(of member: Member, atMost limit: Int) throws(ZipFailure) -> [UInt8] {
    try withContents(of: member, atMost: limit) { Array($0) }
  }
}

extension UnsafeRawBufferPointer {
  /// The CRC-32 of the bytes.
  fileprivate var crc32: UInt32 {
    var checksum = crc32_z(0, nil, 0)
    if let base = baseAddress {
      checksum = crc32_z(checksum, base.assumingMemoryBound(to: UInt8.self), count)
    }
    return UInt32(truncatingIfNeeded: checksum)
  }

  /// The first `wanted` bytes that the deflated bytes of a member inflate to; where these are all that it claims, its end is
  /// there too.
  fileprivate func inflated(
    _ member: ZipArchive.Member, count wanted: Int
  ) throws(ZipFailure) -> [UInt8] {
    var failure: ZipFailure?
    let inflated = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
      var stream = z_stream()
      // Negative: raw deflate, without zlib's own header (RFC 1951).
      let windowBits = -MAX_WBITS
      guard
        inflateInit2_(&stream, windowBits, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK
      else {
        failure = .damaged(member.name)
        return
      }
      defer { inflateEnd(&stream) }
      var (taken, given) = (0, 0)
      var status = Z_OK
      // zlib counts in 32 bits.
      while status == Z_OK && (given < wanted || wanted == member.count) {
        let piece = Swift.min(self.count - taken, 1 << 30)
        let room = Swift.min(wanted - given, 1 << 30)
        stream.next_in = UnsafeMutablePointer(
          mutating: baseAddress?.assumingMemoryBound(to: UInt8.self).advanced(by: taken))
        stream.avail_in = UInt32(piece)
        stream.next_out = buffer.baseAddress.map { $0 + given }
        stream.avail_out = UInt32(room)
        status = CZlib.inflate(&stream, Z_NO_FLUSH)
        taken += piece - Int(stream.avail_in)
        given += room - Int(stream.avail_out)
      }
      let isWhole = status == Z_STREAM_END && taken == self.count
      if given != wanted || (wanted == member.count && !isWhole) {
        failure = .damaged(member.name)
      }
      count = given
    }
    if let failure { throw failure }
    return inflated
  }
}
