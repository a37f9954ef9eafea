import Foundation

/// A folder of predicted label maps, which stands in for a model.
public struct PredictionFolder: Sendable, Equatable {
  /// Its path.
  public let path: String

  /// The folder at `path`.
  public init(path: String) { self.path = path }

  /// The label map of the image called `name`: what `hfgd predict` calls it, or `NAME.png`, as it is stored.
  public func readLabels(of name: String) throws(ImageFailure) -> LabelMap {
    let stem = path.appendingPath(name)
    let candidates = [".id.png", ".indexed.png", ".png"].map { stem + $0 }
    let file = candidates.first(where: FileManager.default.fileExists) ?? candidates[2]
    return try ImageFile.readLabels(at: file)
  }

  /// A number, in 16 hexadecimal digits, that changes with the names and sizes of the files and when they were written.
  public func fingerprint() throws(DataSetFailure) -> String {
    var hash = FNV1a()
    for file in try Folder.files(below: path, where: { $0.hasSuffix(".png") }).sorted() {
      let attributes = try? FileManager.default.attributesOfItem(
        atPath: path.appendingPath(file))
      let size = (attributes?[.size] as? Int) ?? 0
      let date = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
      hash.combine("\(file)\0\(size)\0\(date)\n")
    }
    return hash.hexadecimal
  }
}
