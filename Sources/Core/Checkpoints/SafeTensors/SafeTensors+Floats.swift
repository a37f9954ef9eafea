extension SafeTensors {
  /// The tensors as those of any container.
  var storedTensors: [StoredTensor] { tensors.map(stored) }

  private func stored(_ entry: Entry) -> StoredTensor {
    StoredTensor(entry.name, entry.dtype, entry.shape, in: contents, place(of: entry))
  }

  /// The elements of the tensor `name` as `Float`, row-major.
  ///
  /// F32 is copied; F16 and BF16 widen exactly; any other type is a failure.
  public func floats(_ name: String) throws(SafeTensorsFailure) -> [Float] {
    guard let entry = self[name] else {
      throw SafeTensorsFailure(file: file, reason: .noSuchTensor(name))
    }
    guard entry.dtype.widensToFloat else {
      throw SafeTensorsFailure(
        file: file, reason: .notConvertible(tensor: name, dtype: entry.dtype))
    }
    return TensorElements(
      dtype: entry.dtype, shape: entry.shape, strides: nil, contents: contents,
      range: place(of: entry)
    ).floats
  }
}

extension DType {
  /// Whether elements of this type become `Float` without loss.
  public var widensToFloat: Bool { self == .f32 || self == .f16 || self == .bf16 }
}
