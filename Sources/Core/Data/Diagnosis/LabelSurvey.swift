/// What the label files of a data set hold, before anything is encoded.
public struct LabelSurvey: Sendable {
  /// How often a stored value was met.
  public struct Tally: Sendable, Equatable {
    /// The pixels that have it.
    public var pixels: UInt64 = 0
    /// The label maps that it occurs in.
    public var images = 0
  }

  /// A label map that is not as large as its picture.
  public struct Mismatch: Sendable, Equatable {
    /// The sample.
    public let name: String
    /// The sizes in pixels.
    public let picture, labels: [Int]
  }

  /// How many label maps were read.
  public private(set) var read = 0
  /// The values in them.
  public private(set) var values: [UInt16: Tally] = [:]
  /// Samples whose labels are colours for which there is no table.
  public private(set) var coloured: [String] = []
  /// Label maps of another size than their picture.
  public private(set) var mismatches: [Mismatch] = []
  /// Files that cannot be read, with the reason.
  public private(set) var unreadable: [(name: String, reason: String)] = []
  /// Samples without a label file.
  public private(set) var unlabelled: [String] = []

  /// A survey of nothing yet.
  public init() {}

  /// Reads the labels of a sample, and the size of its picture.
  public mutating func add(_ sample: Sample) {
    do throws(ImageFailure) {
      guard let labels = try sample.readStoredLabels() else {
        unlabelled.append(sample.name)
        return
      }
      add(labels)
      let size = try ImageFile.size(of: sample.image)
      if size != (labels.width, labels.height) {
        mismatches.append(
          Mismatch(
            name: sample.name, picture: [size.width, size.height],
            labels: [labels.width, labels.height]))
      }
    } catch {
      if case .codec(_, .notLabels) = error {
        coloured.append(sample.name)
      } else {
        unreadable.append((sample.name, error.description))
      }
    }
  }

  /// Counts the stored values of a label map.
  public mutating func add(_ labels: LabelMap) {
    read += 1
    var pixels = [UInt64](repeating: 0, count: 1 << 16)
    for value in labels.values { pixels[Int(value)] += 1 }
    for value in pixels.indices where pixels[value] > 0 {
      values[UInt16(value), default: Tally()].pixels += pixels[value]
      values[UInt16(value), default: Tally()].images += 1
    }
  }

  /// All pixels that were counted.
  public var pixels: UInt64 { values.values.reduce(0) { $0 + $1.pixels } }
}
