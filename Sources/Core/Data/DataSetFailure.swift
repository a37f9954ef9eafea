/// Why a folder of images and labels cannot be used.
public enum DataSetFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no folder at the path.
  case notAFolder(path: String)
  /// The folder may not be read.
  case unreadableFolder(path: String)
  /// An archive that cannot be read.
  case archive(TarFailure)
  /// No known layout of folders was found.
  case unknownLayout(path: String, looked: [String])
  /// There is no kind of data set of this name.
  case unknownKind(name: String, known: [String])
  /// A file that should name classes names none, or more than a label can tell apart.
  case badClasses(path: String, found: Int)
  /// The data set has no such split.
  case noSplit(name: String, expected: String, available: [String])
  /// A split without a single image.
  case noImages(folder: String)
  /// Images without a label of the same name.
  case missingLabels(folder: String, images: [String])
  /// Lines of a list of files that name no label.
  case unpairedList(images: [String])
  /// A list names files that are not there.
  case missingFiles(list: String, entries: [String])
  /// An entry of a list that could mean each of several images.
  case ambiguousEntry(list: String, entry: String, images: [String])
  /// A list without a single entry.
  case emptyList(list: String)
  /// A list that cannot be read.
  case unreadableList(FileFailure)
  /// Two images would share one label, or two labels one image.
  case ambiguous(folder: String, stem: String)
  /// Two sets that are to be used together tell different classes apart.
  case differentClasses(first: String, second: String)
  /// Nothing names the classes.
  case unnamedClasses(path: String)

  /// What was expected, what was found, and the remedy.
  public var description: String {
    switch self {
    case .notAFolder(let path): "\(path) is not a folder; give the folder that holds the data set"
    case .unreadableFolder(let path): "\(path) cannot be read; check its permissions"
    case .archive(let failure): "\(failure)"
    case .unknownLayout(let path, let looked):
      "\(path) is laid out as none of these:\n"
        + looked.map { "  \($0)\n" }.joined()
        + "say where the labels are with --labels FOLDER, or see docs/datasets.md"
    case .unknownKind(let name, let known):
      "there is no kind of data set called \(name); choose one of \(known.joined(separator: ", "))"
    case .badClasses(let path, let found):
      "\(path) names \(found) classes; expected 1 to 65535, one on each line"
    case .noSplit(let name, let expected, let available):
      "there is no split \(name): expected \(expected), found "
        + (available.isEmpty ? "none of them" : available.joined(separator: ", "))
        + "; give the data set's folder and the name of a split that it has"
    case .noImages(let folder):
      "\(folder) holds no PNG or JPEG image; give the folder above the split's folder"
    case .missingLabels(let folder, let images):
      "\(folder) lacks the labels of some images: \(images.few); add a PNG of the same name for each"
    case .unpairedList(let images):
      "the list gives no labels for some images: \(images.few); put the label's path behind each, after a tab"
    case .missingFiles(let list, let entries):
      "\(list) names files that are not there: \(entries.few); correct or remove the list"
    case .ambiguousEntry(let list, let entry, let images):
      "\(list): \(entry) could be any of \(images.joined(separator: ", ")); give the sub-folder in the list"
    case .emptyList(let list):
      "\(list) names no image; name one on each line, or remove the list"
    case .unreadableList(let failure): "\(failure)"
    case .differentClasses(let first, let second):
      "\(first) and \(second) differ in their classes or in the label that is not counted; "
        + "use sets of the same classes together, or give an ignore index for both"
    case .unnamedClasses(let path):
      "\(path): nothing names the classes; add a classes.txt, a name on each line"
    case .ambiguous(let folder, let stem):
      "\(folder) holds more than one file called \(stem).*; remove all but one"
    }
  }
}

extension [String] {
  /// The first three, and how many there are where there are more.
  fileprivate var few: String {
    prefix(3).joined(separator: ", ") + (count > 3 ? ", … (\(count) in all)" : "")
  }
}
