/// Why an archive cannot be read.
public enum TarFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file itself cannot be mapped.
  case file(MappedFileFailure)
  /// The archive is compressed, so that its members cannot be read in place.
  case compressed(path: String, Compression)
  /// The bytes at `offset` are not what the format demands there.
  case malformed(path: String, offset: Int, reason: String)
  /// The file ends before the archive does.
  case truncated(path: String)

  /// What an archive may be packed with.
  public enum Compression: String, Sendable, CaseIterable {
    case gzip, bzip2, xz, zstd, zip

    /// The first bytes of such a file.
    private var magic: [UInt8] {
      switch self {
      case .gzip: [0x1F, 0x8B]
      case .bzip2: [0x42, 0x5A, 0x68]
      case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
      case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
      case .zip: [0x50, 0x4B, 0x03, 0x04]
      }
    }

    /// What the first bytes of a file give away; `nil` for anything else.
    init?(contents bytes: UnsafeRawBufferPointer) {
      guard let found = Self.allCases.first(where: { bytes.starts(with: $0.magic) }) else {
        return nil
      }
      self = found
    }

    /// The command that undoes it.
    fileprivate func remedy(_ path: String) -> String {
      switch self {
      case .gzip: "gunzip -k '\(path)'"
      case .bzip2: "bunzip2 -k '\(path)'"
      case .xz: "unxz -k '\(path)'"
      case .zstd: "unzstd '\(path)'"
      case .zip: "unzip '\(path)', and name the folder"
      }
    }
  }

  /// One sentence: the archive, what was found, and the remedy.
  public var description: String {
    switch self {
    case .file(let failure): "\(failure)"
    case .compressed(let path, let compression):
      "\(path) is compressed (\(compression.rawValue)), so nothing in it can be read in place; "
        + "unpack it once: \(compression.remedy(path))"
    case .malformed(let path, let offset, let reason):
      "\(path): not a sound tar archive (\(reason) at byte \(offset)); make or fetch it again"
    case .truncated(let path):
      "\(path): the archive ends too early; fetch it again"
    }
  }
}
