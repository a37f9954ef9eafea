import Core

/// What an evaluation found: every number is a reduction of the images' counts, whichever process counted them.
struct EvaluationReport {
  let description: RunDescription
  let convention: Convention
  /// The run's images in the order of their names.
  let images: [StoredImage]
  let failed: [Evaluation.Failed]
  let total: ImageCounts
  let scores: Scores
  let reconciliation: Reconciliation

  /// The report of `images`; `failed` were to be counted and could not be.
  init(
    _ description: RunDescription, convention: Convention, beta: Double = 1,
    images: [StoredImage], failed: [Evaluation.Failed] = []
  ) {
    self.description = description
    self.convention = convention
    self.failed = failed
    let images = images.sorted { $0.name < $1.name }
    self.images = images
    let classes = description.classes.count
    var total = ImageCounts(
      classes: classes, extras: ImageCounts.Extras(rawValue: description.extras))
    var perImage = PerImageScores(classes: classes, beta: beta)
    for image in images {
      total.add(image.counts)
      perImage.add(image.counts.confusion)
    }
    self.total = total
    scores =
      convention == .perImage
      ? perImage.scores : Scores(of: total.confusion, convention: convention, beta: beta)
    reconciliation = Reconciliation(
      total: total.confusion, images: perImage, names: description.classes)
  }

  /// The numbers over all classes by their names, in percent; what was not counted is left out.
  var means: [(name: String, value: Double)] {
    var means = [
      ("mIoU", scores.meanIoU), ("mAcc", scores.meanAccuracy), ("aAcc", scores.pixelAccuracy),
      ("fwIoU", scores.weightedIoU), ("mDice", scores.mean(.dice)),
      ("mFscore", scores.mean(.fScore)), ("mPrecision", scores.mean(.precision)),
      ("mRecall", scores.mean(.recall)),
    ]
    if let boundary = total.boundary { means.append(("mBIoU", boundary.meanIoU)) }
    if let bands = total.bands {
      for (band, radius) in BandCounts.radii.enumerated() {
        means.append(("mIoU@\(radius)px", bands.meanIoU(band: band)))
      }
    }
    if let calibration = total.calibration {
      means += [("ECE", calibration.expectedError), ("MCE", calibration.maximumError)]
    }
    if let components = total.components {
      for size in ComponentCounts.Size.allCases {
        means.append(("recall.\(size)", components.recall(size)))
      }
    }
    if let cityscapes {
      let scores = cityscapes.means
      means += [
        ("iIoU", scores.instanceIoU), ("categoryIoU", scores.categoryIoU),
        ("categoryIIoU", scores.categoryInstanceIoU),
      ]
    }
    return means.map { ($0.0, 100 * $0.1) }
  }

  /// Cityscapes' own scores, where instances were counted.
  var cityscapes: CityscapesScores? {
    total.instances.map { CityscapesScores(total.confusion, instances: $0) }
  }

  /// What `name` stands for in an expectation: a mean, or a class's measure as in `IoU.Car`.
  func value(named name: String) -> Double? {
    if let mean = means.first(where: { $0.name.lowercased() == name.lowercased() }) {
      return mean.value
    }
    let parts = name.split(separator: ".", maxSplits: 1)
    guard parts.count == 2,
      let measure = Measure.allCases.first(where: {
        $0.rawValue.lowercased() == parts[0].lowercased()
      }),
      let k = description.classes.firstIndex(named: String(parts[1]))
    else { return nil }
    return 100 * scores[measure, k]
  }

  /// The share of the pixels with a true class that class `k` has, in [0, 1].
  func share(_ k: Int) -> Double {
    let matrix = total.confusion
    let all = (0..<matrix.classes).reduce(UInt64(0)) { $0 + matrix.truth($1) }
    return Double(matrix.truth(k)) / Double(all)
  }
}
