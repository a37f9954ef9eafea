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
      guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
        throw .unreadableFolder(path: path)
      }
      for name in names where !name.hasPrefix(".") {
        let entry = branch.appendingPath(name)
        if !exists(path.appendingPath(name)) {
          if isWanted(entry) { files.append(entry) }
        } else if !isLink(path.appendingPath(name)) {
          branches.append(entry)
        }
      }
    }
    return files.sorted()
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

  /// Whether there is a symbolic link at `path`, wherever it leads.
  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }
}
