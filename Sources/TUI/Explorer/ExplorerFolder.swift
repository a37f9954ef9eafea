import Core
import Foundation

/// Finds the images to browse, and the label map of each, without reading any of them.
enum ExplorerFolder {
  /// The entries of a folder.
  ///
  /// - Parameters:
  ///   - data: a folder of images, or a data set in CamVid's layout.
  ///   - labels: a folder of label maps with the images' names; by default what the layout says.
  ///   - split: which part of a data set; by default `val`, else whatever part there is.
  static func entries(data: String, labels: String?, split: String?) throws(DataSetFailure)
    -> [Gallery.Entry]
  {
    guard Folder.exists(data) else { throw .notAFolder(path: data) }
    let (images, annotations) = try folders(data, labels: labels, split: split)
    let labelOf: [String: String] =
      if let annotations {
        Dictionary(
          try Folder.files(below: annotations) { $0.lowercased().hasSuffix(".png") }
            .map { ($0.withoutExtension, annotations.appendingPath($0)) },
          uniquingKeysWith: { first, _ in first })
      } else {
        [:]
      }
    return try Folder.files(below: images, where: ImageFile.isImage).map { path in
      let name = path.withoutExtension
      return Gallery.Entry(name: name, image: images.appendingPath(path), label: labelOf[name])
    }
  }

  /// The folder of the images and that of the labels.
  private static func folders(_ data: String, labels: String?, split: String?)
    throws(DataSetFailure) -> (images: String, labels: String?)
  {
    if let labels {
      guard Folder.exists(labels) else { throw .notAFolder(path: labels) }
      let images = split.map { data.appendingPath($0) } ?? data
      guard Folder.exists(images) else { throw .notAFolder(path: images) }
      return (images, labels)
    }
    let splits = ((try? FileManager.default.contentsOfDirectory(atPath: data)) ?? []).sorted()
      .filter { Folder.exists(data.appendingPath($0 + "annot")) }
    if let split {
      guard splits.contains(split) else {
        throw .noSplit(
          name: split, expected: "\(split) and \(split)annot in \(data)", available: splits)
      }
      return (data.appendingPath(split), data.appendingPath(split + "annot"))
    }
    if let part = splits.contains("val") ? "val" : splits.first {
      return (data.appendingPath(part), data.appendingPath(part + "annot"))
    }
    return (data, nil)
  }
}
