extension TensorFile {
  /// Opens a checkpoint, told by its first bytes; a folder stands for the checkpoint in it, an index for its shards.
  public init(path: String, _ weights: Weights = .trained) throws(TensorFileFailure) {
    let file = Folder.exists(path) ? try Self.checkpoint(inFolder: path) : path
    try self.init(Self.contents(of: file), path: file, weights)
  }

  /// Opens what `contents` hold, which messages call `path`.
  init(
    _ contents: FileContents, path: String, _ weights: Weights = .trained
  ) throws(TensorFileFailure) {
    self = try Self.named(contents, path, weights).withoutPrefixes()
    // Of an empty tensor the other sizes may be anything, and what multiplies or adds them would overflow.
    if let tensor = tensors.first(where: { !$0.isCountable }) {
      throw .endlessShape(path: path, tensor: tensor.name)
    }
  }

  static func contents(of path: String) throws(TensorFileFailure) -> FileContents {
    do { return .mapping(try MappedFile(path: path)) } catch { throw .unreadable(error) }
  }

  /// What `contents` hold, by the names that stand there.
  static func named(
    _ contents: FileContents, _ path: String, _ weights: Weights
  ) throws(TensorFileFailure) -> TensorFile {
    let start = contents.withBytes { Array($0.prefix(9)) }
    if start.starts(with: [0x50, 0x4B, 3, 4]) { return try archive(contents, path, weights) }
    if start.first == PickleOpcode.proto.rawValue && !isHeaderLength(start) {
      return try torch(path, .torchLegacy, weights) { () throws(TorchFailure) in
        try TorchFile(legacy: contents)
      }
    }
    if start.first == UInt8(ascii: "{"), path.hasSuffix(".json") {
      return try shards(contents, path: path, weights)
    }
    guard weights == .trained else { throw .torch(path: path, .noAverage) }
    do { return TensorFile(try SafeTensors(file: path, contents: contents)) } catch {
      throw .safeTensors(error)
    }
  }

  /// Whether a file begins as safetensors do, with a length of 64 bits and `{`; one in 32 of them has the first byte of a pickle.
  private static func isHeaderLength(_ start: [UInt8]) -> Bool {
    start.count == 9 && start[4..<8].allSatisfy { $0 == 0 } && start[8] == UInt8(ascii: "{")
  }

  private static func archive(
    _ contents: FileContents, _ path: String, _ weights: Weights
  ) throws(TensorFileFailure) -> TensorFile {
    let archive: ZipArchive
    do { archive = try ZipArchive(contents) } catch { throw .zip(path: path, error) }
    guard NPZArchive.isOne(archive) else {
      return try torch(path, .torch, weights) { () throws(TorchFailure) in
        try TorchFile(archive)
      }
    }
    guard weights == .trained else { throw .torch(path: path, .noAverage) }
    do throws(NPZFailure) {
      let npz = try NPZArchive(archive)
      return TensorFile(
        path: path, .npz, npz.tensors, texts: SafeTensorsMetadata(npz.texts),
        notes: npz.skipped.isEmpty ? [] : [.skipped(npz.skipped)])
    } catch {
      throw .npz(path: path, error)
    }
  }

  private static func torch(
    _ path: String, _ container: Container, _ weights: Weights,
    _ open: () throws(TorchFailure) -> TorchFile
  ) throws(TensorFileFailure) -> TensorFile {
    do throws(TorchFailure) {
      let dict = try StateDict(try open().objects, weights)
      return TensorFile(
        path: path, container, dict.tensors, texts: SafeTensorsMetadata(dict.texts),
        facts: dict.facts, notes: dict.notes)
    } catch {
      throw .torch(path: path, error)
    }
  }

  /// The one checkpoint in a folder as transformers and timm write them.
  private static func checkpoint(inFolder path: String) throws(TensorFileFailure) -> String {
    let usual = [
      "model.safetensors.index.json", "model.safetensors", "pytorch_model.bin.index.json",
      "pytorch_model.bin",
    ]
    guard let name = usual.first(where: { FileBytes.count(path.appendingPath($0)) != nil }) else {
      throw .noCheckpoint(folder: path)
    }
    return path.appendingPath(name)
  }
}
