extension TensorFile {
  /// Opens a checkpoint, told by its first bytes; a folder stands for the checkpoint in it, an index for its shards.
  public init(path: String, _ weights: Weights = .trained) throws(TensorFileFailure) {
    let file = Folder.exists(path) ? try Self.checkpoint(inFolder: path) : path
    let contents: FileContents
    do throws(MappedFileFailure) { contents = .mapping(try MappedFile(path: file)) } catch {
      throw .unreadable(error)
    }
    try self.init(contents, path: file, weights)
  }

  /// Opens what `contents` hold, which messages call `path`.
  init(
    _ contents: FileContents, path: String, _ weights: Weights = .trained
  ) throws(TensorFileFailure) {
    let start = contents.withBytes { Array($0.prefix(9)) }
    if start.starts(with: [0x50, 0x4B, 3, 4]) {
      self = try Self.archive(contents, path, weights)
    } else if start.first == PickleOpcode.proto.rawValue && !Self.isHeaderLength(start) {
      self = try Self.torch(path, .torchLegacy, weights) { () throws(TorchFailure) in
        try TorchFile(legacy: contents)
      }
    } else if start.first == UInt8(ascii: "{"), path.hasSuffix(".json") {
      self = try Self.shards(contents, path: path, weights)
    } else if weights == .average {
      throw .torch(path: path, .noAverage)
    } else {
      do throws(SafeTensorsFailure) {
        self.init(try SafeTensors(file: path, contents: contents))
      } catch {
        throw .safeTensors(error)
      }
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
      var texts = SafeTensorsMetadata()
      for text in npz.texts { texts[text.key] = text.value }
      return TensorFile(
        path: path, .npz, npz.tensors, texts: texts,
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
      var texts = SafeTensorsMetadata()
      for text in dict.texts { texts[text.key] = text.value }
      return TensorFile(
        path: path, container, dict.tensors, texts: texts, facts: dict.facts, notes: dict.notes)
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
