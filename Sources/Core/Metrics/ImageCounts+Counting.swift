extension ImageCounts {
  /// What is counted on one image, whose prediction is compared with its truth pixel by pixel.
  ///
  /// Maps must have one size. Pixels whose truth is `ignoreIndex` are not counted; an index that no pixel can have, as −1,
  /// counts all. `.calibration` needs `confidence`, the probability in [0, 1] of each pixel's predicted class; `.instances`
  /// needs the map of Cityscapes' `*_instanceIds.png`, and 19 classes (train ids) or 34 (label ids). `boundaryRatio` is
  /// the width of Boundary IoU's bands as a share of the diagonal.
  public init(
    prediction: LabelMap, truth: LabelMap, classes: Int, ignoreIndex: Int, extras: Extras = [],
    confidence: [Float]? = nil, instances: LabelMap? = nil, boundaryRatio: Double = 0.02
  ) {
    self.init(classes: classes, extras: extras)
    confusion.add(prediction: prediction, truth: truth, ignoreIndex: ignoreIndex)
    let pair = LabelPair(
      prediction: prediction, truth: truth, classes: classes, ignoreIndex: ignoreIndex)
    if extras.contains(.boundary) { boundary = BoundaryCounts(of: pair, ratio: boundaryRatio) }
    if extras.contains(.bands) { bands = BandCounts(of: pair) }
    if extras.contains(.components) { components = ComponentCounts(of: pair) }
    if extras.contains(.calibration) {
      precondition(
        confidence?.count == truth.values.count,
        "calibration needs \(truth.values.count) confidences, not \(confidence?.count ?? 0)")
      calibration = CalibrationCounts(of: pair, confidence: confidence ?? [])
    }
    if extras.contains(.instances) {
      precondition(
        instances?.width == truth.width && instances?.height == truth.height,
        "instances are counted on a map of \(truth.width)×\(truth.height) instance ids")
      self.instances = instances.map {
        InstanceCounts(of: prediction, instances: $0, classes: classes)
      }
    }
  }
}

/// A prediction and its truth, of one size.
struct LabelPair {
  let prediction, truth: LabelMap
  let classes, ignoreIndex: Int

  /// Calls `body` with the pixel, its true and its predicted value, for each pixel that is not ignored.
  @inline(__always)
  func forEachPixel(_ body: (_ pixel: Int, _ truth: Int, _ prediction: Int) -> Void) {
    let ignored = UInt16(exactly: ignoreIndex)
    prediction.values.withUnsafeBufferPointer { predicted in
      truth.values.withUnsafeBufferPointer { truth in
        for pixel in 0..<truth.count where truth[pixel] != ignored {
          body(pixel, Int(truth[pixel]), Int(predicted[pixel]))
        }
      }
    }
  }
}

extension BoundaryCounts {
  init(of pair: LabelPair, ratio: Double) {
    self.init(classes: pair.classes)
    let (truth, prediction, classes) = (pair.truth, pair.prediction, pair.classes)
    let reach = Self.distance(width: truth.width, height: truth.height, ratio: ratio)
    let toTruth = truth.contourDistance(frameIsContour: true)
    let toPrediction = prediction.contourDistance(frameIsContour: true)
    pair.forEachPixel { pixel, truth, predicted in
      let isInTruth = toTruth[pixel] <= reach && truth < classes
      let isInPrediction = toPrediction[pixel] <= reach && predicted < classes
      if isInTruth { numbers[classes + truth] += 1 }
      if isInTruth && isInPrediction && truth == predicted {
        numbers[truth] += 1
      } else if isInPrediction {
        numbers[classes + predicted] += 1
      }
    }
  }
}

extension BandCounts {
  init(of pair: LabelPair) {
    self.init(classes: pair.classes)
    let classes = pair.classes
    let distance = pair.truth.contourDistance(frameIsContour: false)
    // Each pixel is counted in its narrowest band; wider bands then take in the narrower ones.
    var band = [Int](repeating: 0, count: (Self.radii.last ?? 0) + 1)
    for reach in 1..<band.count { band[reach] = Self.radii.firstIndex { reach <= $0 } ?? 0 }
    pair.forEachPixel { pixel, truth, predicted in
      let reach = Int(distance[pixel])
      guard reach < band.count else { return }
      let row = band[reach] * classes
      if predicted < classes { numbers[3 * (row + predicted) + 1] += 1 }
      if truth < classes {
        numbers[3 * (row + truth) + 2] += 1
        if truth == predicted { numbers[3 * (row + truth)] += 1 }
      }
    }
    for i in (3 * classes)..<numbers.count { numbers[i] += numbers[i - 3 * classes] }
  }
}

extension CalibrationCounts {
  init(of pair: LabelPair, confidence: [Float]) {
    self.init(classes: pair.classes)
    pair.forEachPixel { pixel, truth, predicted in
      let share = Double(min(max(0, confidence[pixel]), 1))
      // Conversions cut off, which is many times faster than a call that rounds.
      let place = share * Double(Self.bins)
      let whole = Int(place)
      let bin = 3 * max(0, Double(whole) == place ? whole - 1 : whole)
      numbers[bin] += 1
      numbers[bin + 1] += UInt64(share * Self.one + 0.5)
      if truth == predicted { numbers[bin + 2] += 1 }
    }
  }
}

extension ComponentCounts {
  init(of pair: LabelPair) {
    self.init(classes: pair.classes)
    let (truth, prediction) = (pair.truth, pair.prediction)
    let components = ConnectedComponents(of: truth)
    var tallies = [(label: Int, pixels: Int, right: Int)](
      repeating: (0, 0, 0), count: components.count)
    for run in components.runs {
      let row = run.y * truth.width
      let label = truth.values[row + run.columns.lowerBound]
      tallies[run.component].label = Int(label)
      tallies[run.component].pixels += run.columns.count
      for x in run.columns where prediction.values[row + x] == label {
        tallies[run.component].right += 1
      }
    }
    for tally in tallies where tally.label < pair.classes && tally.label != pair.ignoreIndex {
      let place = Self.index(tally.label, Size(pixels: tally.pixels))
      numbers[place] += 1
      numbers[place + 1] += 2 * tally.right >= tally.pixels ? 1 : 0
      numbers[place + 2] += UInt64(tally.pixels)
      numbers[place + 3] += UInt64(tally.right)
    }
  }
}

extension InstanceCounts {
  /// Counts instances: 16-bit ids 1000 · label + number; regions without instances have an id below 1000.
  init(of prediction: LabelMap, instances: LabelMap, classes: Int) {
    self.init(classes: classes)
    precondition(
      classes == 19 || classes == 34,
      "Cityscapes' instances need 19 classes or 34 label ids, not \(classes)")
    let labels = Cityscapes.labels.filter { classes == 34 || $0.trainID != nil }
    var tallies: [UInt16: (pixels: Int, right: Int, inCategory: Int)] = [:]
    for (instance, predicted) in zip(instances.values, prediction.values) where instance > 1000 {
      let id = Int(instance) / 1000
      guard id < Cityscapes.labels.count else { continue }
      var tally = tallies[instance] ?? (0, 0, 0)
      tally.pixels += 1
      if Int(predicted) < classes {
        let found = labels[Int(predicted)]
        tally.right += found.id == id ? 1 : 0
        tally.inCategory += found.category == Cityscapes.labels[id].category ? 1 : 0
      }
      tallies[instance] = tally
    }
    for (instance, tally) in tallies {
      let id = Int(instance) / 1000
      guard let place = Cityscapes.instanceLabels.firstIndex(where: { $0.id == id }) else {
        continue
      }
      let weight = Cityscapes.instanceLabels[place].meanSize / Double(tally.pixels)
      let parts = [
        tally.right, tally.pixels - tally.right, tally.inCategory, tally.pixels - tally.inCategory,
      ]
      for (offset, part) in parts.enumerated() {
        numbers[4 * place + offset] += UInt64((Double(part) * weight * Self.one).rounded())
      }
    }
  }
}
