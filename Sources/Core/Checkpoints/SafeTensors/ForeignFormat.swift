/// Files that people take for safetensors, told by their first bytes so that the remedy can name them.
public enum ForeignFormat: Equatable, Sendable, CaseIterable {
  /// The text file that stands in for a large file until Git LFS fetches it.
  case gitLFSPointer
  /// One NumPy array without a name.
  case numPyArray
  /// Keras and older MATLAB files.
  case hdf5
  /// A network as a graph, of any framework.
  case onnx
  /// llama.cpp's format.
  case gguf
  /// A PNG or JPEG picture, where arguments were given in the wrong order.
  case png
  case jpeg
  /// Usually the error page of a failed download.
  case webPage

  /// The format whose files start as `bytes` do, if we know it.
  init?(startOf bytes: UnsafeRawBufferPointer) {
    guard let match = Self.allCases.first(where: { bytes.starts(with: $0.start) }) else {
      return nil
    }
    self = match
  }

  private var start: [UInt8] {
    switch self {
    case .gitLFSPointer: Array("version https://git-lfs".utf8)
    case .numPyArray: [0x93] + Array("NUMPY".utf8)
    case .hdf5: [0x89, 0x48, 0x44, 0x46]
    // A message that begins with the version of its format, a number of one byte.
    case .onnx: [0x08]
    case .gguf: Array("GGUF".utf8)
    case .png: [0x89, 0x50, 0x4E, 0x47]
    case .jpeg: [0xFF, 0xD8, 0xFF]
    case .webPage: Array("<".utf8)
    }
  }

  /// What the file is, and what to do about it.
  var remedy: String {
    switch self {
    case .gitLFSPointer: "it is a Git LFS pointer; fetch the file itself with: git lfs pull"
    case .numPyArray: "it is one NumPy array without a name; save a model's arrays with numpy.savez"
    case .hdf5: "it is an HDF5 file; save its arrays again with safetensors.numpy.save_file"
    case .onnx:
      "it is an ONNX graph, whose tensors have no names of a network; give the checkpoint that it was exported from"
    case .gguf: "it is a GGUF file, which no model here uses; choose a safetensors file"
    case .png, .jpeg: "it is a picture; give the checkpoint first and pictures after it"
    case .webPage: "it looks like a web page; download the file again"
    }
  }
}
