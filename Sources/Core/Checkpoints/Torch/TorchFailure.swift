/// Why the contents of a PyTorch file cannot be used.
public enum TorchFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// An archive of TorchScript holds a program, not weights.
  case torchScript
  /// A whole module was pickled: its class would have to be run to find its tensors.
  case module(String)
  /// The file was written on a machine of the other byte order.
  case bigEndian
  /// The file lacks what each file of PyTorch has.
  case notPyTorch(String)
  /// There is no dictionary of tensors in it.
  case noTensors
  /// The moving average was asked for, and there is none.
  case noAverage
  /// A tensor is described in a way that PyTorch does not write.
  case badTensor(String)
  /// The elements are of a type that no model here uses.
  case unknownType(String, String)
  /// The file has not the storage that a tensor is a view of.
  case noStorage(String, key: String)
  /// A storage has another size than its tensor says, in bytes.
  case wrongStorageSize(String, expected: Int, found: Int)
  /// A tensor reads elements that its storage has not.
  case outsideStorage(String)
  /// A tensor claims many more elements than are stored.
  case expanded(String, elements: Int, stored: Int)
  /// A tensor is a view of a view: PyTorch before 0.4.
  case storageView(String)
  /// The pickle is damaged or hostile.
  case pickle(PickleFailure)
  /// A member of the archive cannot be read.
  case zip(ZipFailure)
  /// The legacy file ends inside a storage.
  case truncated
  /// Something follows the last storage of a legacy file.
  case trailingBytes(Int)

  /// What is wrong, without the file's name.
  public var description: String {
    switch self {
    case .torchScript: "it is a TorchScript program"
    case .module(let name): "it is a pickled object of the class \(quoted(name)), not a state dict"
    case .bigEndian: "its numbers are big-endian"
    case .notPyTorch(let lack): "it is not of PyTorch: \(lack)"
    case .noTensors: "it has no dictionary of tensors"
    case .noAverage: "it has no moving average of the weights"
    case .badTensor(let name): "the tensor \(quoted(name)) is described as PyTorch never does"
    case .unknownType(let name, let type):
      "the tensor \(quoted(name)) has the unknown type \(quoted(type))"
    case .noStorage(let name, let key):
      "the tensor \(quoted(name)) is stored under \(quoted(key)), which is missing"
    case .wrongStorageSize(let name, let expected, let found):
      "expected \(expected) bytes for \(quoted(name)), found \(found)"
    case .outsideStorage(let name): "the tensor \(quoted(name)) reaches beyond its storage"
    case .expanded(let name, let elements, let stored):
      "the tensor \(quoted(name)) claims \(elements) elements of which \(stored) are stored"
    case .storageView(let name):
      "the tensor \(quoted(name)) is a view of a view, as before PyTorch 0.4"
    case .pickle(let failure): "\(failure)"
    case .zip(let failure): "\(failure)"
    case .truncated: "it is truncated"
    case .trailingBytes(let count): "\(count) bytes follow its last tensor"
    }
  }

  /// What to do about it.
  var remedy: String {
    switch self {
    case .torchScript, .module, .bigEndian, .storageView, .unknownType:
      "save its state_dict again: torch.save(model.state_dict(), path)"
    case .notPyTorch, .noTensors: "give a file with a state dict"
    case .noAverage: "leave --ema out"
    case .expanded: "save the tensor again after .contiguous()"
    case .truncated, .trailingBytes, .pickle, .zip, .wrongStorageSize, .noStorage:
      "download or copy the file again"
    case .badTensor, .outsideStorage: "do not trust this file; save the model again"
    }
  }
}
