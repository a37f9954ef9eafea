/// Why a folder of images and labels cannot be used.
public enum DataSetFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no folder at the path.
  case notAFolder(path: String)
  /// The folder may not be read.
  case unreadableFolder(path: String)
  /// The data set has no such split.
  case noSplit(name: String, expected: String, available: [String])
  /// A split without a single image.
  case noImages(folder: String)
  /// Images without a label of the same name.
  case missingLabels(folder: String, images: [String])
  /// A list names files that are not there.
  case missingFiles(list: String, entries: [String])
  /// A list that cannot be read.
  case unreadableList(FileFailure)
  /// Two images would share one label, or two labels one image.
  case ambiguous(folder: String, stem: String)

  /// What was expected, what was found, and the remedy.
  public var description: String {
    switch self {
    case .notAFolder(let path): "\(path) is not a folder; give the folder that holds the data set"
    case .unreadableFolder(let path): "\(path) cannot be read; check its permissions"
    case .noSplit(let name, let expected, let available):
      "there is no split \(name): expected the folders \(expected), found "
        + (available.isEmpty
          ? "none of that form" : "the splits \(available.joined(separator: ", "))")
        + "; give --split and --data accordingly"
    case .noImages(let folder):
      "\(folder) holds no PNG or JPEG image; give the folder above the split's folder"
    case .missingLabels(let folder, let images):
      "\(folder) has no label for \(images.count) of the images, the first is \(images.first ?? ""); add a PNG of the same name"
    case .missingFiles(let list, let entries):
      "\(list) names \(entries.count) files that are not there, the first is \(entries.first ?? ""); correct or remove the list"
    case .unreadableList(let failure): "\(failure)"
    case .ambiguous(let folder, let stem):
      "\(folder) holds more than one file called \(stem).*; remove all but one"
    }
  }
}
