import Foundation

/// The files below a folder.
public enum Folder {
  /// Paths relative to `folder` of the files that `isWanted` takes, sub-folders included, in alphabetical order.
  ///
  /// Hidden files and folders are left out; symbolic links to folders are not followed, so a walk always ends.
  public static func files(below folder: String, where isWanted: (String) -> Bool)
    throws(DataSetFailure) -> [String]
  {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
    else { throw .notAFolder(path: folder) }
    guard FileManager.default.isReadableFile(atPath: folder),
      let walk = FileManager.default.enumerator(atPath: folder)
    else { throw .unreadableFolder(path: folder) }
    var files: [String] = []
    for case let path as String in walk {
      if (path as NSString).lastPathComponent.hasPrefix(".") {
        walk.skipDescendants()
      } else if isWanted(path), walk.fileAttributes?[.type] as? FileAttributeType != .typeDirectory
      {
        files.append(path)
      }
    }
    return files.sorted()
  }

  /// Makes the folder `path` and those above it, where they are missing.
  public static func create(_ path: String) throws(FileFailure) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      let reason = (error as NSError).localizedFailureReason ?? error.localizedDescription
      throw .unwritable(path: path, reason: reason)
    }
  }

  /// Whether there is a folder at `path`.
  public static func exists(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}

extension String {
  /// The path without the extension of its last component.
  public var withoutExtension: String { (self as NSString).deletingPathExtension }

  /// The last component of the path.
  public var fileName: String { (self as NSString).lastPathComponent }

  /// The path without its last component; empty where it has only one.
  public var parentFolder: String { (self as NSString).deletingLastPathComponent }

  /// `component` below this path.
  public func appendingPath(_ component: String) -> String {
    isEmpty ? component : (self as NSString).appendingPathComponent(component)
  }
}
