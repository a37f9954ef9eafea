import Glibc

@testable import Core

/// What libFuzzer calls with input after input; `make fuzz` builds it with coverage and the address sanitizer.
///
/// Whatever the bytes, a reader answers or throws. A crash, a trap, an endless loop or memory out of proportion ends the run.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  reader(bytes)
  return 0
}

/// The reader that `HFGD_FUZZ_READER` names.
private let reader: @Sendable ([UInt8]) -> Void = {
  let name = getenv("HFGD_FUZZ_READER").map { String(cString: $0) } ?? ""
  guard let reader = readers[name] else {
    preconditionFailure("HFGD_FUZZ_READER is \(name), not one of \(readers.keys.sorted())")
  }
  return reader
}()

private let readers: [String: @Sendable ([UInt8]) -> Void] = [
  "safetensors": { bytes in
    // Bytes of another container would be that reader's.
    if (try? SafeTensors(bytes: bytes)) != nil { readTensors(bytes) }
  },
  "pickle": { bytes in
    guard
      let run = try? FileContents.array(bytes).withBytes({ bytes throws(PickleFailure) in
        try PickleMachine.run(bytes)
      })
    else { return }
    let objects = TorchObjects(graph: run.graph) { _ in .file(.array([]), 0..<0) }
    _ = try? StateDict(objects, .trained)
  },
  "zip": { bytes in
    guard let archive = try? ZipArchive(.array(bytes)) else { return }
    for member in archive.members { _ = try? archive.contents(of: member, atMost: 1 << 24) }
  },
  "npz": { readTensors($0) },
  "torch": { readTensors($0) },
  "png": { bytes in
    _ = try? PNG.decodePicture(bytes, maxPixels: pixelLimit)
    _ = try? PNG.decodeLabels(bytes, maxPixels: pixelLimit)
  },
  "jpeg": { bytes in
    _ = try? JPEG.decodePicture(bytes, maxPixels: pixelLimit)
  },
  "configuration": { bytes in
    guard let json = try? JSON(utf8: bytes),
      case .success(let configuration) = ModelConfiguration.read(json)
    else { return }
    _ = configuration.tensors
    precondition(ModelConfiguration.read(configuration.json) == .success(configuration))
  },
]

/// Larger pictures take longer and teach nothing new.
private let pixelLimit = 1 << 18

private func readTensors(_ bytes: [UInt8]) {
  guard let file = try? TensorFile(.array(bytes), path: "fuzz") else { return }
  readValues(file)
  _ = CheckpointConversion(file, as: .bf16).byteCount
  if let checkpoint = try? Checkpoint(file) { _ = checkpoint.mapping.problems }
  _ = BackboneFit(file)?.mapping.problems
}

/// Looks at all values, as `hfgd inspect` does.
private func readValues(_ file: TensorFile) {
  for tensor in file.tensors where tensor.byteCount < 1 << 24 {
    guard let elements = try? tensor.elements() else { continue }
    if tensor.dtype.becomesFloat {
      elements.withFloats { _ = TensorStatistics($0, shape: tensor.shape) }
    } else {
      elements.withBytes { _ in }
    }
  }
}
