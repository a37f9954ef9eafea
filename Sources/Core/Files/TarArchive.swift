/// The files in an uncompressed tar archive, read where they stand in the mapped file.
///
/// Formats: POSIX.1-2001 (pax), ustar, GNU tar with its long names, and the old one of Version 7. Folders and links are
/// left out; of members with the same path the last counts, as it would after unpacking.
public final class TarArchive: Sendable {
  /// A regular file in the archive.
  public struct Member: Sendable, Equatable {
    /// The path, without `./` or `/` at its beginning.
    public let path: String
    /// Where its contents stand in the archive.
    public let bytes: Range<Int>
  }

  /// The path of the archive as it was given.
  public var path: String { file.path }
  /// The members in alphabetical order.
  public let members: [Member]

  private let file: MappedFile
  /// The names that stand directly in each folder; "" is the archive's top.
  private let entries: [String: Set<String>]

  /// Reads the headers of the archive at `path`.
  public init(path: String) throws(TarFailure) {
    do throws(MappedFileFailure) { file = try MappedFile(path: path) } catch {
      throw .file(error)
    }
    members = try file.withBytes { bytes throws(TarFailure) in
      if let compression = TarFailure.Compression(contents: bytes) {
        throw .compressed(path: path, compression)
      }
      var reader = TarReader(bytes, path: path)
      return try reader.members()
    }
    entries = members.reduce(into: [:]) { entries, member in
      var path = member.path
      while !path.isEmpty {
        let isNew = entries[path.parentFolder, default: []].insert(path.fileName).inserted
        path = isNew ? path.parentFolder : ""
      }
    }
  }

  /// Whether any member stands below `folder`.
  func hasFolder(_ folder: String) -> Bool { entries[folder] != nil }

  /// The names of the files and of the folders that stand directly in `folder`, in alphabetical order, without hidden
  /// ones.
  func entries(in folder: String) -> (files: [String], folders: [String]) {
    let names = (entries[folder] ?? []).filter { !$0.hasPrefix(".") }.sorted()
    let isFolder = { (name: String) in
      self.hasFolder(folder.isEmpty ? name : folder.appendingPath(name))
    }
    return (names.filter { !isFolder($0) }, names.filter(isFolder))
  }

  /// The member at `path`.
  public func member(at path: String) -> Member? {
    let i = firstIndex(from: path)
    return i < members.count && members[i].path == path ? members[i] : nil
  }

  /// The members whose paths begin with `prefix`.
  func members(withPrefix prefix: String) -> ArraySlice<Member> {
    members[firstIndex(from: prefix)...].prefix { $0.path.hasPrefix(prefix) }
  }

  /// A copy of the contents of one of the members.
  func contents(of member: Member) -> [UInt8] {
    file.withBytes { Array($0[member.bytes]) }
  }

  /// The index of the first member whose path does not come before `path`.
  private func firstIndex(from path: String) -> Int {
    var (low, high) = (0, members.count)
    while low < high {
      let middle = (low + high) / 2
      if members[middle].path < path { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
