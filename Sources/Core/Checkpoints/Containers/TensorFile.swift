/// The tensors of a checkpoint, whatever wrote it: safetensors, PyTorch or NumPy, in one file or several.
///
/// Opening reads descriptions only; elements are mapped and read when they are asked for. No file can make this program run
/// anything, nor take memory that is out of proportion to the file's own size.
public struct TensorFile: Sendable {
  /// How tensors are packed.
  public enum Container: String, Sendable, CaseIterable {
    case safeTensors = "safetensors"
    case safeTensorShards = "sharded safetensors"
    case torch = "PyTorch"
    case torchLegacy = "PyTorch before 1.6"
    case torchShards = "sharded PyTorch"
    case npz = "NumPy"
  }

  /// Which weights are taken where a file has two sets of them.
  public enum Weights: Sendable {
    /// Those that were trained.
    case trained
    /// Their moving average (EMA).
    case average
  }

  /// Something of the file that the user may want to know.
  public enum Note: Sendable, CustomStringConvertible {
    /// The tensors stand below this key.
    case unwrapped(String)
    /// All names began so.
    case stripped(String)
    /// There is a moving average of the weights too.
    case hasAverage(key: String, isTaken: Bool)
    /// What is taken is the moving average, as mmengine writes and tests it; the trained weights stand elsewhere.
    case exchanged(key: String, trained: String)
    /// Objects of these classes, how many of each: they were not made, and nothing of theirs was run.
    case placeholders([(name: String, count: Int)])
    /// Entries beside the tensors that are none.
    case skipped([String])
    /// Something odd that does no harm.
    case warning(SafeTensors.Warning)

    var isAverage: Bool {
      switch self {
      case .hasAverage, .exchanged: true
      default: false
      }
    }

    /// One sentence for the user.
    public var description: String {
      switch self {
      case .unwrapped(let path): "the tensors stand under \(quoted(path))"
      case .stripped(let prefix): "all names began with \(quoted(prefix)), which was taken off"
      case .hasAverage(let key, true): "the moving average \(quoted(key)) was taken"
      case .hasAverage(let key, false):
        "there is a moving average \(quoted(key)) too; hfgd convert --ema takes it"
      case .exchanged(let key, let trained):
        "\(quoted(key)) is a moving average, as mmengine writes it; the trained weights under \(quoted(trained)) were left out"
      case .placeholders(let classes):
        "objects were left alone: "
          + classes.prefix(6).map { "\(quoted($0.name)) (\($0.count))" }.joined(separator: ", ")
          + (classes.count > 6 ? ", …" : "")
      case .skipped(let names):
        "entries that are no tensors were left out: "
          + names.prefix(6).map { quoted($0) }.joined(separator: ", ")
          + (names.count > 6 ? ", … (\(names.count))" : "")
      case .warning(let warning): "\(warning)"
      }
    }
  }

  /// The path as it was given.
  public let path: String
  /// All files that the tensors stand in: one, or an index and its shards.
  public let files: [String]
  /// How the tensors are packed.
  public let container: Container
  /// All tensors, in the file's order.
  public let tensors: [StoredTensor]
  /// Texts beside the tensors, such as `hfgd.config`.
  public let texts: SafeTensorsMetadata
  /// What else the file tells of its model.
  public let facts: CheckpointFacts
  /// What was unwrapped, left out or is odd.
  public let notes: [Note]
  private let indices: [ExactString: Int]

  init(
    path: String, _ container: Container, _ tensors: [StoredTensor],
    texts: SafeTensorsMetadata = [:], facts: CheckpointFacts = CheckpointFacts(),
    notes: [Note] = [], shards: [String] = []
  ) {
    self.path = path
    files = [path] + shards
    self.container = container
    self.tensors = tensors
    self.texts = texts
    self.facts = facts
    self.notes = notes
    indices = Dictionary(
      tensors.enumerated().map { (ExactString($1.name), $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The tensors of a safetensors file, by the names that stand there.
  init(_ file: SafeTensors) {
    self.init(
      path: file.file, .safeTensors, file.storedTensors, texts: file.metadata,
      notes: file.warnings.map { .warning($0) })
  }

  /// What parallel training, compiling and wrapping put before every name.
  private static let prefixes = ["module.", "_orig_mod.", "model."]

  /// The same file with the prefixes taken off that all its names begin with.
  func withoutPrefixes() -> TensorFile {
    var (tensors, notes) = (tensors, notes)
    // Wrappers nest a few deep; a hostile name may be prefixes for megabytes.
    for _ in 0..<8 {
      guard !tensors.isEmpty,
        let prefix = Self.prefixes.first(where: { prefix in
          tensors.allSatisfy { $0.name.hasPrefix(prefix) }
        })
      else { break }
      tensors = tensors.map { $0.renamed(String($0.name.dropFirst(prefix.count))) }
      notes.append(.stripped(prefix))
    }
    guard notes.count > self.notes.count else { return self }
    return TensorFile(
      path: path, container, tensors, texts: texts, facts: facts, notes: notes,
      shards: Array(files.dropFirst()))
  }

  /// The tensor called `name`, compared byte by byte; `nil` where there is none.
  public subscript(name: String) -> StoredTensor? {
    indices[ExactString(name)].map { tensors[$0] }
  }
}
