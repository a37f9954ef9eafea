/// A list of the images of a split: one on each line, with or without extension, perhaps with its label behind it.
///
/// SegNet's lists carry the paths of another machine, so only the end of a path counts.
struct SplitList {
  private let lines: [Substring]
  private let path: String

  /// The list in `source`.
  init(_ source: FileSource) throws(DataSetFailure) {
    path = source.path
    do throws(FileFailure) {
      lines = String(decoding: try source.read(maxBytes: 64 << 20), as: UTF8.self)
        .split(whereSeparator: \.isNewline)
    } catch {
      throw .unreadableList(error)
    }
  }

  /// The names that the list picks from `images`, in its order; a name is a path without extension and `suffix`.
  func pick(from images: Set<String>, suffix: String) throws(DataSetFailure) -> [String] {
    let namesOf = Dictionary(grouping: images, by: \.fileName)
    var (names, missing): ([String], [String]) = ([], [])
    for line in lines {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard let first = words.first, let last = words.last else { continue }
      // A name may hold blanks, so the whole line is tried before its first word.
      let entries = [String(line[first.startIndex..<last.endIndex]), String(first)]
      if let name = entries.lazy.compactMap({ Self.end(of: $0, in: images, suffix) }).first {
        names.append(name)
        continue
      }
      let matches = namesOf[Self.cut(entries[1].fileName.withoutExtension, suffix)] ?? []
      guard matches.count < 2 else {
        throw .ambiguousEntry(list: path, entry: entries[1], images: matches.sorted())
      }
      if let name = matches.first { names.append(name) } else { missing.append(entries[1]) }
    }
    guard missing.isEmpty else { throw .missingFiles(list: path, entries: missing) }
    guard !names.isEmpty else { throw .emptyList(list: path) }
    return names
  }

  /// The longest end of the path `entry`, with or without its extension, that is the name of an image.
  private static func end(of entry: String, in images: Set<String>, _ suffix: String) -> String? {
    let components = entry.split(separator: "/")
    for start in components.indices {
      let end = components[start...].joined(separator: "/")
      for name in [cut(end.withoutExtension, suffix), cut(end, suffix)] where images.contains(name)
      {
        return name
      }
    }
    return nil
  }

  private static func cut(_ name: String, _ suffix: String) -> String {
    name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name
  }
}
