/// A list of files: on each line an image and, behind a tab or a blank, its label map.
public struct PairList: Sendable {
  /// An image and its label.
  struct Pair {
    /// The image's path without extension, and without what all have at their beginning.
    let name: String
    let image: FileSource
    let label: FileSource?
  }

  let pairs: [Pair]

  /// The list in `text`; relative paths start at the current folder.
  public init(_ text: String) throws(DataSetFailure) {
    let lines = text.split(whereSeparator: \.isNewline).map(Self.paths).filter { !$0.isEmpty }
    guard !lines.isEmpty else { throw .emptyList(list: "the list") }
    let missing = lines.joined().filter { FileBytes.count($0) == nil }
    guard missing.isEmpty else { throw .missingFiles(list: "the list", entries: missing) }
    let images = lines.map { $0[0].withoutExtension.split(separator: "/") }
    let shared = Self.sharedFolders(images)
    pairs = zip(lines, images).map { line, image in
      Pair(
        name: image.dropFirst(shared).joined(separator: "/"), image: FileSource(path: line[0]),
        label: line.count > 1 ? FileSource(path: line[1]) : nil)
    }
    var seen: Set<String> = []
    for pair in pairs where !seen.insert(pair.name).inserted {
      throw .ambiguous(folder: "the list", stem: pair.name)
    }
  }

  /// The one or two paths of a line; with a tab in it, blanks belong to the paths.
  private static func paths(_ line: Substring) -> [String] {
    if line.contains("\t") { return line.split(separator: "\t").prefix(2).map(String.init) }
    if FileBytes.count(String(line)) != nil { return [String(line)] }
    return line.split(separator: " ").prefix(2).map(String.init)
  }

  /// How many folders all paths have in common at their beginning.
  private static func sharedFolders(_ paths: [[Substring]]) -> Int {
    guard let first = paths.first?.dropLast() else { return 0 }
    return paths.reduce(first.count) { shared, path in
      zip(first.prefix(shared), path.dropLast()).prefix { $0 == $1 }.count
    }
  }
}
