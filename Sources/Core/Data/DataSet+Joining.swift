extension DataSet {
  /// This set's images and then those of `other`, which must tell the same classes apart; classes and encoding of
  /// labels stay each set's own.
  public func joined(with other: DataSet) throws(DataSetFailure) -> DataSet {
    guard classes?.names == other.classes?.names, ignoreIndex == other.ignoreIndex else {
      throw .differentClasses(first: root, second: other.root)
    }
    return DataSet(
      kind: kind, root: root, split: "\(split) + \(other.kind.name) \(other.split)",
      classes: classes, encoding: encoding, samples: samples + other.samples)
  }
}
