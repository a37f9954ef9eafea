extension TensorFile {
  /// The most shards of one checkpoint.
  private static let shardLimit = 4096

  /// The tensors of the files that an index names: `{"weight_map": {tensor: file}}`, as transformers writes it.
  ///
  /// Each tensor must stand in the file that the index names, and each tensor of a file in the index.
  static func shards(
    _ index: FileContents, path: String, _ weights: Weights
  ) throws(TensorFileFailure) -> TensorFile {
    let map: [JSON.Member]
    do {
      let text = index.withBytes { Array($0.prefix(SafeTensors.maximumHeaderLength)) }
      guard let found = try JSON(utf8: text)["weight_map"]?.object else {
        throw TensorFileFailure.badIndex(path: path, "it has no object weight_map")
      }
      map = found
    } catch let failure as TensorFileFailure {
      throw failure
    } catch {
      throw .badIndex(path: path, "it is not valid JSON: \(error)")
    }
    var names: [String] = []
    var places: [ExactString: String] = [:]
    for member in map {
      guard let name = member.value.string, !name.isEmpty, !name.contains("/"), name != "..",
        name != "."
      else {
        throw .badIndex(
          path: path, "\(quoted(member.key)) is not in a file beside it")
      }
      if places.updateValue(name, forKey: ExactString(member.key)) == nil, !names.contains(name) {
        names.append(name)
        guard names.count <= shardLimit else {
          throw .badIndex(path: path, "it names more than \(shardLimit) files")
        }
      }
    }
    var tensors: [StoredTensor] = []
    var notes: [Note] = []
    var container = Container.safeTensorShards
    for name in names {
      // An index that named itself would never end.
      guard !name.hasSuffix(".json") else {
        throw .badIndex(path: path, "\(quoted(name)) is no file of tensors")
      }
      let file = path.parentFolder.appendingPath(name)
      let shard = try named(contents(of: file), file, weights)
      if shard.container != .safeTensors { container = .torchShards }
      for tensor in shard.tensors {
        guard places.removeValue(forKey: ExactString(tensor.name)) == name else {
          throw .badIndex(
            path: path, "\(quoted(tensor.name)) of \(name) is not there in it, or in two files")
        }
      }
      tensors += shard.tensors
      notes += shard.notes
    }
    if let missing = places.keys.min() {
      throw .badIndex(path: path, "\(quoted(missing.text)) is missing from its file")
    }
    return TensorFile(
      path: path, container, tensors, notes: notes,
      shards: names.map { path.parentFolder.appendingPath($0) })
  }
}
