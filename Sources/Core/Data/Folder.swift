import Foundation
import Glibc

/// The files below a folder.
public enum Folder {
  /// Paths relative to `folder` of the files that `isWanted` takes, sub-folders included, in alphabetical order.
  ///
  /// Hidden files and folders are left out; symbolic links to folders are not followed, so a walk always ends. A
  /// sub-folder that may not be read is an error: leaving it out would pass for the whole.
  public static func files(below folder: String, where isWanted: (String) -> Bool)
    throws(DataSetFailure) -> [String]
  {
    guard exists(folder) else { throw .notAFolder(path: folder) }
    var files: [String] = []
    var branches = [""]
    while let branch = branches.popLast() {
      let path = branch.isEmpty ? folder : folder.appendingPath(branch)
      let isListed = list(path) { name, kind in
        switch kind {
        case .file:
          let file = branch.appendingPath(name)
          if isWanted(file) { files.append(file) }
        case .folder: branches.append(branch.appendingPath(name))
        case .linkedFolder: break
        }
      }
      guard isListed else { throw .unreadableFolder(path: path) }
    }
    return files.sorted()
  }

  /// The names of the files and of the folders, links to folders included, that stand directly in `folder`, in
  /// alphabetical order and without hidden ones; none where it cannot be read.
  static func entries(in folder: String) -> (files: [String], folders: [String]) {
    var (files, folders): ([String], [String]) = ([], [])
    _ = list(folder) { name, kind in
      if kind == .file { files.append(name) } else { folders.append(name) }
    }
    return (files.sorted(), folders.sorted())
  }

  /// Calls `body` for all that stands in a folder and is not hidden; whether the folder could be read.
  private static func list(_ folder: String, _ body: (String, Kind) -> Void) -> Bool {
    guard let listing = opendir(folder) else { return false }
    defer { closedir(listing) }
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
      }
      guard !name.hasPrefix(".") else { continue }
      body(name, kind(of: name, in: folder, told: Int32(entry.pointee.d_type)))
    }
    return true
  }

  /// Makes the folder `path` and those above it, where they are missing.
  public static func create(_ path: String) throws(FileFailure) {
    if exists(path) { return }
    if !path.parentFolder.isEmpty { try create(path.parentFolder) }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
      throw .unwritable(path: path, reason: FileDescriptor.lastReason)
    }
    guard exists(path) else { throw .unwritable(path: path, reason: "a file has this name") }
  }

  /// Whether there is a folder at `path`.
  public static func exists(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  private enum Kind {
    case file, folder, linkedFolder
  }

  /// What stands in a folder under a name; the listing mostly tells, so ten thousand files are not asked one by one.
  private static func kind(of name: String, in folder: String, told type: Int32) -> Kind {
    switch type {
    case Int32(DT_DIR): return .folder
    case Int32(DT_LNK), Int32(DT_UNKNOWN):
      let path = folder.appendingPath(name)
      return !exists(path) ? .file : isLink(path) ? .linkedFolder : .folder
    default: return .file
    }
  }

  /// Whether there is a symbolic link at `path`, wherever it leads.
  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }
}
