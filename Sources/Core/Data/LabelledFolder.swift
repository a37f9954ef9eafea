import Foundation

/// Images with label maps in CamVid's layout: `SPLIT/NAME.png` beside `SPLITannot/NAME.png`, and perhaps `SPLIT.txt`.
///
/// Images may be PNG or JPEG, labels are PNG; a pair has the same path below its folder, the extension apart. Where the
/// list is there, it picks and orders the pairs: each line names an image and perhaps its label. SegNet's lists carry
/// the paths of another machine, so only the end of a path counts.
public struct LabelledFolder: Sendable {
  /// An image and its label map.
  public struct Pair: Sendable, Equatable {
    /// The path below the split's folder without extension: the name in reports.
    public let name: String
    /// Paths of the files.
    public let image, label: String
  }

  /// The pairs, in the list's order or alphabetical.
  public let pairs: [Pair]

  /// The pairs of `split` in the data set at `path`.
  public init(path: String, split: String) throws(DataSetFailure) {
    let (images, labels) = (path.appendingPath(split), path.appendingPath(split + "annot"))
    guard Folder.exists(images) && Folder.exists(labels) else {
      guard Folder.exists(path) else { throw .notAFolder(path: path) }
      throw .noSplit(
        name: split, expected: "\(split) and \(split)annot in \(path)",
        available: Self.splits(in: path))
    }
    let imageOf = try Self.files(in: images, where: ImageFile.isImage)
    let labelOf = try Self.files(in: labels) { $0.lowercased().hasSuffix(".png") }
    guard !imageOf.isEmpty else { throw .noImages(folder: images) }
    let names =
      try Self.listed(path.appendingPath(split + ".txt"), among: imageOf) ?? imageOf.keys.sorted()
    let unlabelled = names.filter { labelOf[$0] == nil }
    guard unlabelled.isEmpty else { throw .missingLabels(folder: labels, images: unlabelled) }
    pairs = names.compactMap { name in
      guard let image = imageOf[name], let label = labelOf[name] else { return nil }
      return Pair(
        name: name, image: images.appendingPath(image), label: labels.appendingPath(label))
    }
  }

  /// The files below `folder` by their path without extension.
  private static func files(in folder: String, where isWanted: (String) -> Bool)
    throws(DataSetFailure) -> [String: String]
  {
    var files: [String: String] = [:]
    for file in try Folder.files(below: folder, where: isWanted) {
      guard files.updateValue(file, forKey: file.withoutExtension) == nil else {
        throw .ambiguous(folder: folder, stem: file.withoutExtension)
      }
    }
    return files
  }

  /// The names that a list picks from `images`, `nil` where there is no list.
  private static func listed(_ list: String, among images: [String: String])
    throws(DataSetFailure) -> [String]?
  {
    guard FileManager.default.fileExists(atPath: list) else { return nil }
    let bytes: [UInt8]
    do { bytes = try FileBytes.read(list, maxBytes: 64 << 20) } catch {
      throw .unreadableList(error)
    }
    let namesOf = Dictionary(grouping: images.keys, by: \.fileName)
    var (names, missing): ([String], [String]) = ([], [])
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard let first = words.first, let last = words.last else { continue }
      // A name may hold blanks, so the whole line is tried before its first word.
      let entries = [String(line[first.startIndex..<last.endIndex]), String(first)]
      if let name = entries.lazy.compactMap({ Self.suffix(of: $0, in: images) }).first {
        names.append(name)
        continue
      }
      let matches = namesOf[entries[1].fileName.withoutExtension] ?? []
      guard matches.count < 2 else {
        throw .ambiguousEntry(list: list, entry: entries[1], images: matches.sorted())
      }
      if let name = matches.first { names.append(name) } else { missing.append(entries[1]) }
    }
    guard missing.isEmpty else { throw .missingFiles(list: list, entries: missing) }
    guard !names.isEmpty else { throw .emptyList(list: list) }
    return names
  }

  /// The longest end of the path `entry`, with or without its extension, that is the name of an image.
  private static func suffix(of entry: String, in images: [String: String]) -> String? {
    let components = entry.split(separator: "/")
    for start in components.indices {
      let suffix = components[start...].joined(separator: "/")
      for name in [suffix.withoutExtension, suffix] where images[name] != nil { return name }
    }
    return nil
  }

  /// The splits that `path` holds in this layout.
  private static func splits(in path: String) -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return entries.filter { entries.contains($0 + "annot") }.sorted()
  }
}
