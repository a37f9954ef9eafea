/// An image of a data set with its labels, which are read when they are asked for.
public struct Sample: Sendable {
  /// The path below the split's folder, without extension and the set's suffix: the name in reports.
  public let name: String
  /// The picture, PNG or JPEG.
  public let image: FileSource
  /// The label map, a PNG; `nil` where the image has none.
  public let label: FileSource?
  /// Cityscapes' map of instances, a PNG of 16 bits; `nil` where there is none.
  public let instances: FileSource?
  /// How stored labels become class numbers.
  public let encoding: LabelEncoding
  /// The stored value of each colour, for label files that hold colours; `nil` where the set has no such table.
  public let colours: LabelColours?

  /// The picture, upright.
  public func readPicture() throws(ImageFailure) -> Picture {
    try ImageFile.readPicture(from: image)
  }

  /// Class numbers 0..<K, the encoding's ignore index, and stray values as they are; `nil` without a label file.
  public func readLabels() throws(ImageFailure) -> LabelMap? {
    try readStoredLabels().map { encoding($0) }
  }

  /// The values as the file has them, `nil` without a label file; colours are looked up in the set's table, and those
  /// that it lacks become `LabelColours.unknown`.
  public func readStoredLabels() throws(ImageFailure) -> LabelMap? {
    guard let label else { return nil }
    do throws(ImageFailure) {
      return try ImageFile.readLabels(from: label)
    } catch {
      guard let colours, case .codec(_, .notLabels) = error else { throw error }
      return colours.labels(of: try ImageFile.readPicture(from: label))
    }
  }

  /// Instance numbers as Cityscapes has them (class id · 1000 + number, or the class id alone); `nil` without the file.
  public func readInstances() throws(ImageFailure) -> LabelMap? {
    guard let instances else { return nil }
    return try ImageFile.readLabels(from: instances)
  }
}
