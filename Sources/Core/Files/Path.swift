import Glibc

/// Paths as text: components parted by slashes.
///
/// Foundation's counterparts trap on some paths, a name of a single letter among them.
extension String {
  /// The last component of the path, slashes at its end apart; empty for "/" and "".
  public var fileName: String { String(path[startOfFileName...]) }

  /// The path without its last component; empty where it has only one, "/" at the root.
  public var parentFolder: String { String(path[..<startOfFileName].withoutLastSlashes) }

  /// The path without the extension of its last component: without its last point and what follows it.
  ///
  /// A point at the beginning or end of the component starts no extension.
  public var withoutExtension: String {
    let path = path
    let name = path[startOfFileName...].utf8
    guard let point = name.lastIndex(of: UInt8(ascii: ".")), point > name.startIndex,
      name.index(after: point) < name.endIndex
    else { return String(path) }
    return String(path[..<point])
  }

  /// `component` below this path.
  public func appendingPath(_ component: String) -> String {
    isEmpty || utf8.last == slash ? self + component : self + "/" + component
  }

  /// The absolute path without links and detours; what is not there yet stands below the last folder that is.
  public var canonicalPath: String {
    if let resolved = realpath(self, nil) {
      defer { free(resolved) }
      return String(cString: resolved)
    }
    let parent = parentFolder.isEmpty ? "." : parentFolder
    return parent == self ? self : parent.canonicalPath.appendingPath(fileName)
  }

  private var path: Substring { self[...].withoutLastSlashes }

  private var startOfFileName: Index {
    let bytes = path.utf8
    return bytes.lastIndex(of: slash).map { bytes.index(after: $0) } ?? bytes.startIndex
  }
}

extension Substring {
  /// The path without slashes at its end, the root's apart.
  fileprivate var withoutLastSlashes: Substring {
    var path = self
    while path.utf8.count > 1, path.utf8.last == slash { path.unicodeScalars.removeLast() }
    return path
  }
}

private let slash = UInt8(ascii: "/")
