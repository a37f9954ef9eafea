/// The images of one part of a data set, with their labels and classes; nothing but names is read before it is asked for.
public struct DataSet: Sendable {
  /// What kind of set it is.
  public let kind: DataSetKind
  /// The folder or archive.
  public let root: String
  /// The part, as the folder or list is called; ``undivided`` where there are no parts.
  public let split: String
  /// The images, in the order of the list or of the alphabet.
  public let samples: [Sample]
  /// Names and colours of the classes; `nil` where neither the set nor the request names them.
  public let classes: ClassTable?
  /// How stored labels become class numbers.
  public let encoding: LabelEncoding

  /// What stands for the part of a set that has none.
  public static let undivided = "all"

  /// The class number that is never counted.
  public var ignoreIndex: Int { encoding.ignoreIndex }

  /// Opens the folder or tar archive at `path`.
  public init(path: String, _ request: DataSetRequest = DataSetRequest()) throws(DataSetFailure) {
    self = try DataSetSearch(request).open(path)
  }

  /// The images that a list names.
  public init(_ list: PairList, _ request: DataSetRequest = DataSetRequest()) throws(DataSetFailure)
  {
    self = try DataSetSearch(request).open(list)
  }

  /// A set from its parts.
  init(
    kind: DataSetKind, root: String, split: String, classes: ClassTable?, encoding: LabelEncoding,
    samples: [Sample]
  ) {
    self.kind = kind
    self.root = root
    self.split = split
    self.classes = classes
    self.encoding = encoding
    self.samples = samples
  }

  /// What a PNG ends with: the checksum of its last part, and the end mark.
  private static let checksumBytes = 24

  /// A number, in 16 hexadecimal digits, that changes with what an evaluation would count.
  ///
  /// FNV-1a over kind, split, encoding with the table of colours, and of each sample, sorted by name: its name, the sizes
  /// of its files, and the end of its labels, where a PNG has the checksum of its contents. Nothing else is read: 10 000
  /// samples take a fraction of a second.
  public var fingerprint: String {
    var text = "\(kind.name)\n\(split)\n\(encoding.description)\n"
    text += (self.samples.first?.colours?.description ?? "") + "\n"
    let samples = samples.sorted { $0.name < $1.name }
    for sample in samples {
      let sizes = [sample.image.byteCount, sample.label?.byteCount].map {
        $0.map(String.init) ?? "-"
      }
      text += "\(sample.name)\0\(sizes[0])\0\(sizes[1])\n"
    }
    var hash = FNV1a()
    hash.combine(text)
    for sample in samples {
      sample.label?.tail(Self.checksumBytes).withUnsafeBytes { hash.combine($0) }
    }
    return hash.hexadecimal
  }
}
