extension DataSet {
  /// This set's images and then those of `other`, which must tell the same classes apart; classes and encoding of
  /// labels stay each set's own.
  ///
  /// The labels that are not counted may differ if neither is a class.
  public func joined(with other: DataSet) throws(DataSetFailure) -> DataSet {
    let isIgnoredByBoth =
      ignoreIndex == other.ignoreIndex
      || min(ignoreIndex, other.ignoreIndex) >= classes?.names.count ?? .max
    guard classes?.names == other.classes?.names, isIgnoredByBoth else {
      throw .differentClasses(first: root, second: other.root)
    }
    return DataSet(
      kind: kind, root: root, split: "\(split) + \(other.kind.name) \(other.split)",
      classes: classes, encoding: encoding, samples: samples + other.samples)
  }
}
