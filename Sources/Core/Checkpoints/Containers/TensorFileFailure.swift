/// Why the tensors of a file cannot be read.
public enum TensorFileFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file cannot be opened at all.
  case unreadable(MappedFileFailure)
  /// It is no sound safetensors file, nor any other that we know.
  case safeTensors(SafeTensorsFailure)
  /// It is no sound ZIP archive.
  case zip(path: String, ZipFailure)
  /// It is no sound PyTorch file.
  case torch(path: String, TorchFailure)
  /// It is no sound `.npz` file.
  case npz(path: String, NPZFailure)
  /// The index of shards is wrong.
  case badIndex(path: String, String)
  /// A tensor's sizes multiply to more than any memory has, those of 0 apart.
  case endlessShape(path: String, tensor: String)
  /// A folder without a checkpoint of a usual name.
  case noCheckpoint(folder: String)

  /// The file, what is wrong, and the remedy.
  public var description: String {
    switch self {
    case .unreadable(let failure): "\(failure)"
    case .safeTensors(let failure): "\(failure)"
    case .zip(let path, let failure): "\(path): \(failure); download or copy the file again"
    case .torch(let path, let failure): "\(path): \(failure); \(failure.remedy)"
    case .npz(let path, let failure): "\(path): \(failure); save it again with numpy.savez"
    case .badIndex(let path, let finding):
      "\(path): \(finding); download index and shards again, into one folder"
    case .endlessShape(let path, let tensor):
      "\(path): the tensor \(quoted(tensor)) is empty, and its other sizes are larger than any memory; do not trust this file; save the model again"
    case .noCheckpoint(let folder):
      "\(folder): there is no model.safetensors or pytorch_model.bin in this folder; name the checkpoint itself"
    }
  }
}
