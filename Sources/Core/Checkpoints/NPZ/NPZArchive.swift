/// The arrays of a `.npz` file: a ZIP archive of NumPy array files, stored or deflated.
struct NPZArchive {
  /// The arrays of numbers, by their names without `.npy`.
  private(set) var tensors: [StoredTensor] = []
  /// The arrays of no numbers.
  private(set) var skipped: [String] = []
  /// Texts: arrays of one string, such as `hfgd.config`.
  private(set) var texts: [(key: String, value: String)] = []

  /// Whether an archive is one: all its members are array files.
  static func isOne(_ archive: ZipArchive) -> Bool {
    !archive.members.isEmpty && archive.members.allSatisfy { $0.name.hasSuffix(".npy") }
  }

  /// Reads the headers of the arrays.
  init(_ archive: ZipArchive) throws(NPZFailure) {
    for member in archive.members {
      let name = String(member.name.dropLast(".npy".count))
      let start: [UInt8]
      do {
        start = try archive.start(of: member, NPYHeader.byteLimit)
      } catch {
        throw .zip(error)
      }
      guard let header = FileContents.array(start).withBytes({ NPYHeader($0) }) else {
        throw .badHeader(name)
      }
      guard let dtype = header.dtype else {
        if let text = try Self.text(header, member, archive) {
          texts.append((name, text))
        } else {
          skipped.append(name)
        }
        continue
      }
      var bits = dtype.bits
      for size in header.shape {
        let (product, isTooLarge) = bits.multipliedReportingOverflow(by: size)
        guard !isTooLarge else { throw .wrongSize(name) }
        bits = product
      }
      guard header.end + bits / 8 == member.count else { throw .wrongSize(name) }
      let packed = StoredTensor.packedStrides(
        of: header.isFortran ? header.shape.reversed() : header.shape)
      let strides = header.isFortran ? packed.reversed() : packed
      let place = header.end..<member.count
      tensors.append(
        header.isBigEndian
          ? StoredTensor(
            name, dtype, header.shape,
            in: .array(try Self.swapped(member, in: archive, place, width: dtype.bits / 8)),
            0..<place.count, strides: strides)
          : StoredTensor(
            name, dtype, header.shape, in: member, of: archive, place, strides: strides))
    }
  }

  /// Elements of the other byte order, turned round in memory: no machine of today writes them.
  private static func swapped(
    _ member: ZipArchive.Member, in archive: ZipArchive, _ place: Range<Int>, width: Int
  ) throws(NPZFailure) -> [UInt8] {
    do {
      return try archive.withContents(of: member, atMost: .max) { bytes in
        stride(from: place.lowerBound, to: place.upperBound, by: width).flatMap {
          bytes[$0..<$0 + width].reversed()
        }
      }
    } catch {
      throw .zip(error)
    }
  }

  /// The string of an array of one: `<U…`, four bytes a character, or `|S…`, UTF-8.
  private static func text(
    _ header: NPYHeader, _ member: ZipArchive.Member, _ archive: ZipArchive
  ) throws(NPZFailure) -> String? {
    let isWide = header.code.hasPrefix("<U")
    guard header.shape.reduce(1, *) == 1, isWide || header.code.hasPrefix("|S"),
      member.count <= 1 << 24
    else { return nil }
    do {
      return try archive.withContents(of: member, atMost: 1 << 24) { bytes in
        let text = bytes[header.end...].prefix { isWide || $0 != 0 }
        guard isWide else { return String(validating: text, as: UTF8.self) }
        var scalars = String.UnicodeScalarView()
        for position in stride(from: text.startIndex, to: text.endIndex - 3, by: 4) {
          let value = UInt32(
            littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
          guard value != 0 else { break }
          guard let scalar = Unicode.Scalar(value) else { return nil }
          scalars.append(scalar)
        }
        return String(scalars)
      }
    } catch {
      throw .zip(error)
    }
  }
}

/// Why a `.npz` file cannot be read.
public enum NPZFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The archive, or a member of it.
  case zip(ZipFailure)
  /// A member does not begin as an array file does.
  case badHeader(String)
  /// An array has another number of bytes than its shape and type need.
  case wrongSize(String)

  /// What is wrong, without the file's name and the remedy.
  public var description: String {
    switch self {
    case .zip(let failure): "\(failure)"
    case .badHeader(let name): "the array \(quoted(name)) has no header that NumPy writes"
    case .wrongSize(let name): "the array \(quoted(name)) has another size than its shape says"
    }
  }
}
