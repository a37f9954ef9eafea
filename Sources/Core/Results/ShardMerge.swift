extension RunContents {
  /// The whole evaluation that `parts` are the shards of: exact, and the same in whatever order they come.
  ///
  /// A part may come several times, as after a machine that failed, where all that was counted is equal to the last bit.
  /// The model, its name and the data are called as in the part with the lowest number. Runs that are no shard are left
  /// aside.
  public init(merging parts: [RunContents]) throws(ShardMergeFailure) {
    let parts = parts.filter { $0.description.shard != nil }.sorted { $0.order < $1.order }
    guard let first = parts.first, let count = first.description.shard?.count else {
      throw .noParts
    }
    for part in parts {
      let differences = first.description.differences(from: part.description)
      guard differences.isEmpty else { throw .different(differences) }
    }

    var images: [String: (image: EncodedImage, part: Int)] = [:]
    var counted = [Int](repeating: 0, count: count)
    for (index, part) in parts.map({ ($0.description.shard?.index ?? 0, $0) }) {
      for image in part.images {
        guard let known = images[image.name] else {
          images[image.name] = (image, index)
          counted[index - 1] += 1
          continue
        }
        guard known.part == index else {
          throw .repeated(image: image.name, parts: [known.part, index])
        }
        guard known.image.counts == image.counts else {
          throw .contradictory(image: image.name, part: index)
        }
        // Of equal counts those that took less time: the choice must not depend on the order.
        if image.milliseconds < known.image.milliseconds { images[image.name] = (image, index) }
      }
    }

    let present = Set(parts.compactMap(\.description.shard?.index))
    let missing = (1...count).filter { !present.contains($0) }
    guard missing.isEmpty else { throw .missing(parts: missing, of: count) }
    let incomplete = parts.reduce(into: [Int: ShardMergeFailure.Progress]()) { found, part in
      guard let shard = part.description.shard else { return }
      let (done, all) = (counted[shard.index - 1], part.description.imagesToCount)
      if done != all { found[shard.index] = .init(part: shard.index, counted: done, of: all) }
    }
    guard incomplete.isEmpty else {
      throw .incomplete(incomplete.values.sorted { $0.part < $1.part })
    }

    var description = first.description
    description.shard = nil
    self.init(
      description: description, started: parts.map(\.started).min() ?? first.started,
      images: images.values.map(\.image).sorted { $0.name < $1.name })
  }

  /// Part by part; several runs of one part by what they are called.
  private var order: (Int, String) {
    (description.shard?.index ?? 0, String(decoding: description.encoded, as: UTF8.self))
  }
}

extension RunDescription {
  /// In what two runs differ, each with both values; empty for parts of one evaluation.
  func differences(from other: RunDescription) -> [String] {
    let aspects: [(name: String, value: (RunDescription) -> String)] = [
      ("model", { "\($0.model) with hash \($0.identity.prefix(12))" }),
      ("output stride", { "\($0.outputStride)" }),
      ("protocol", \.rules),
      ("kind of data set", \.dataset),
      ("split", \.split),
      ("number of images", { "\($0.images)" }),
      ("files of the data set", \.fingerprint),
      ("classes", { $0.classes.joined(separator: " ") }),
      ("ignored label", { "\($0.ignoreIndex)" }),
      ("metrics", { "\($0.extras)" }),
      ("boundary ratio", { "\($0.boundaryRatio)" }),
      ("version of hfgd", \.version),
      ("number of parts", { $0.shard.map { "\($0.count)" } ?? "none" }),
    ]
    // The same model may lie at different places.
    let other = identity == other.identity ? other.calling(model) : other
    return aspects.filter { $0.value(self) != $0.value(other) }
      .map { "\($0.name) (\($0.value(self)); \($0.value(other)))" }
  }

  private func calling(_ model: String) -> RunDescription {
    var copy = self
    copy.model = model
    return copy
  }
}
