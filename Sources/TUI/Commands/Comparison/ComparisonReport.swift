import Core

/// What separates two evaluations of the same images; every difference is B's value less A's.
struct ComparisonReport {
  let a, b: RunDescription
  let paired: PairedComparison
  let bootstrap: PairedBootstrap
  /// The images that both have, with what they say; the one that speaks most for B first.
  let images: [Influence]

  /// What an image does to ΔmIoU; shares.
  struct Influence {
    let name: String
    /// The image's own mIoU.
    let meanIoU: (a: Double, b: Double)
    /// ΔmIoU less what it is without this image.
    let influence: Double
  }

  /// How the bootstrap is drawn.
  struct Draws {
    let resamples: Int
    let seed: UInt64
    let threads: Threads
  }

  /// The comparison of two evaluations, each with the overlaps of its images by name; images that only one has are left out.
  init(
    _ a: RunDescription, _ overlapsOfA: [String: ClassOverlaps],
    _ b: RunDescription, _ overlapsOfB: [String: ClassOverlaps], _ draws: Draws
  ) throws {
    try Self.check(a, b)
    let common = overlapsOfA.compactMap { name, overlaps in
      overlapsOfB[name].map { (name, overlaps, $0) }
    }
    guard !common.isEmpty else {
      throw CommandFailure(
        .dataSet, "no image was counted in both runs; finish them with hfgd eval --resume")
    }
    (self.a, self.b) = (a, b)
    paired = PairedComparison(classes: a.classes.count, images: common)
    bootstrap = PairedBootstrap(
      paired, resamples: draws.resamples, seed: draws.seed, threads: draws.threads)
    images = Self.ranked(paired)
  }

  /// Refuses two evaluations whose numbers do not belong side by side.
  static func check(_ a: RunDescription, _ b: RunDescription) throws {
    guard a.fingerprint == b.fingerprint && a.ignoreIndex == b.ignoreIndex else {
      throw CommandFailure(
        .usage,
        "these are runs on different data: \(a.data) \(a.split) with fingerprint \(a.fingerprint), and \(b.data) \(b.split) with \(b.fingerprint); evaluate both on one data set"
      )
    }
    guard a.classes == b.classes else {
      throw CommandFailure(
        .usage,
        "the classes differ: \(a.title) has \(a.classes.count), \(b.title) \(b.classes.count), or they have other names; compare models of the same classes"
      )
    }
  }

  /// Images without influence keep the order of their names; those that have no number come last.
  private static func ranked(_ paired: PairedComparison) -> [Influence] {
    func key(_ image: Influence) -> (Double, String) {
      (image.influence.isNaN ? .infinity : -image.influence, image.name)
    }
    return zip(paired.names.indices, paired.influences).map { i, influence in
      Influence(
        name: paired.names[i], meanIoU: paired.meanIoU(ofImage: i), influence: influence)
    }.sorted { key($0) < key($1) }
  }

  /// Class numbers by B's gain, the largest first; classes that one of both has not come last.
  var classesByDifference: [Int] {
    func key(_ k: Int) -> (Double, Int) {
      let difference = difference(k)
      return (difference.isNaN ? .infinity : -difference, k)
    }
    return a.classes.indices.sorted { key($0) < key($1) }
  }

  /// B's IoU of class `k` less A's.
  func difference(_ k: Int) -> Double {
    let (a, b) = paired.iou(k)
    return b - a
  }
}

extension ResultsStore {
  /// What a comparison needs of a run's images, by name.
  func overlaps(of run: Int64) throws(StoreFailure) -> [String: ClassOverlaps] {
    var overlaps: [String: ClassOverlaps] = [:]
    try forEachImage(of: run) { overlaps[$0.name] = ClassOverlaps($0.counts.confusion) }
    return overlaps
  }
}
