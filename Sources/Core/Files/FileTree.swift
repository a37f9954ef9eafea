/// Files in folders: on the disk, or in a tar archive.
///
/// Paths in it are relative; "" is its top.
public enum FileTree: Sendable {
  /// The folder at a path.
  case folder(String)
  /// The part of an archive below a folder in it, "" for all.
  case archive(TarArchive, below: String)

  /// The tree's own path, for messages.
  public var path: String {
    switch self {
    case .folder(let path): path
    case .archive(let archive, let top):
      top.isEmpty ? archive.path : archive.path.appendingPath(top)
    }
  }

  /// The tree below `folder`.
  func subtree(_ folder: String) -> FileTree {
    switch self {
    case .folder(let path): .folder(Self.below(path, folder))
    case .archive(let archive, let top): .archive(archive, below: Self.below(top, folder))
    }
  }

  /// Whether there is such a folder.
  func hasFolder(_ folder: String) -> Bool {
    switch self {
    case .folder(let path): Folder.exists(Self.below(path, folder))
    case .archive(let archive, let top): archive.hasFolder(Self.below(top, folder))
    }
  }

  /// The file at a path; `nil` where there is none.
  func file(_ file: String) -> FileSource? {
    switch self {
    case .folder(let path):
      let file = path.appendingPath(file)
      return FileBytes.count(file) == nil ? nil : FileSource(path: file)
    case .archive(let archive, let top):
      return archive.member(at: top.appendingPath(file)).map { FileSource($0, of: archive) }
    }
  }

  /// The names of the files and of the folders that stand directly in `folder`, in alphabetical order; hidden ones are
  /// left out, and nothing stands in a folder that is not there.
  func entries(in folder: String) -> (files: [String], folders: [String]) {
    switch self {
    case .folder(let path): Folder.entries(in: Self.below(path, folder))
    case .archive(let archive, let top): archive.entries(in: Self.below(top, folder))
    }
  }

  /// The files below `folder` that `isWanted` takes, by their paths relative to it, in alphabetical order; hidden ones are left out.
  func files(below folder: String, where isWanted: (String) -> Bool) throws(DataSetFailure)
    -> [(path: String, source: FileSource)]
  {
    switch self {
    case .folder(let path):
      let folder = Self.below(path, folder)
      return try Folder.files(below: folder, where: isWanted)
        .map { ($0, FileSource(path: folder.appendingPath($0))) }
    case .archive(let archive, let top):
      let folder = Self.below(top, folder)
      let prefix = folder.isEmpty ? "" : folder + "/"
      return archive.members(withPrefix: prefix).compactMap { member in
        let path = String(member.path.dropFirst(prefix.count))
        let isHidden = path.split(separator: "/").contains { $0.hasPrefix(".") }
        return isHidden || !isWanted(path) ? nil : (path, FileSource(member, of: archive))
      }
    }
  }

  private static func below(_ top: String, _ path: String) -> String {
    path.isEmpty ? top : top.appendingPath(path)
  }
}
