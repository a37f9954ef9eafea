import Foundation

/// Images with label maps in CamVid's layout: `SPLIT/NAME.png` beside `SPLITannot/NAME.png`, and perhaps `SPLIT.txt`.
///
/// Images may be PNG or JPEG, labels are PNG; a pair has the same path below its folder, the extension apart. Where the
/// list is there, it picks and orders the pairs: each line names an image and perhaps its label. SegNet's lists carry
/// the paths of another machine, so only the last component counts.
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
    let nameOf = Dictionary(
      images.keys.map { ($0.fileName, $0) }, uniquingKeysWith: { first, _ in first })
    let entries = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      .compactMap { $0.split(whereSeparator: \.isWhitespace).first.map(String.init) }
    let missing = entries.filter { nameOf[$0.fileName.withoutExtension] == nil }
    guard missing.isEmpty else { throw .missingFiles(list: list, entries: missing) }
    return entries.compactMap { nameOf[$0.fileName.withoutExtension] }
  }

  /// The splits that `path` holds in this layout.
  private static func splits(in path: String) -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return entries.filter { entries.contains($0 + "annot") }.sorted()
  }
}
