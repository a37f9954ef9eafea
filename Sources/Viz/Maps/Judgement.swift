import Core

/// Where a prediction is right and where it is wrong, as tints over the darkened picture.
///
/// Tints differ in brightness as well as in hue; those of the safe scheme do without red and green.
public enum Judgement {
  /// What is drawn at a pixel.
  public enum Verdict: Int, Sendable, CaseIterable {
    case right, wrong, ignored
    /// One class: found, seen where it is not, missed.
    case truePositive, falsePositive, falseNegative
    /// Two predictions: only the first right, only the second, both, none.
    case onlyFirst, onlySecond, both, neither
    /// A teacher's error that its student mends, and one that it makes.
    case fixed, broken
    /// Nothing to say: the picture alone.
    case nothing

    /// The tint; `nil` leaves the darkened picture.
    public func colour(_ scheme: ColourScheme = .usual) -> RGB? {
      switch scheme {
      case .usual: usualColour
      case .safe: safeColour
      }
    }

    private var usualColour: RGB? {
      switch self {
      case .right, .both: RGB(44, 110, 73)
      case .wrong, .neither, .falsePositive: RGB(235, 70, 52)
      case .ignored: RGB(70, 70, 76)
      case .truePositive, .fixed: RGB(72, 190, 110)
      case .falseNegative, .onlyFirst: RGB(70, 140, 255)
      case .onlySecond, .broken: RGB(255, 184, 60)
      case .nothing: nil
      }
    }

    private var safeColour: RGB? {
      switch self {
      case .right, .both: RGB(0, 104, 170)
      case .wrong, .neither, .falsePositive: RGB(213, 94, 0)
      case .ignored: RGB(70, 70, 76)
      case .truePositive, .onlyFirst, .fixed: RGB(86, 180, 233)
      case .falseNegative, .onlySecond, .broken: RGB(240, 228, 66)
      case .nothing: nil
      }
    }
  }

  /// Right, wrong, ignored.
  public static func errors(_ prediction: LabelMap, truth: LabelMap, ignoreIndex: Int) -> [Verdict]
  {
    requireOneSize(prediction, truth)
    return zip(prediction.values, truth.values).map { predicted, real in
      Int(real) == ignoreIndex ? .ignored : predicted == real ? .right : .wrong
    }
  }

  /// True positives, false positives and false negatives of class `k`.
  public static func hits(
    of k: Int, _ prediction: LabelMap, truth: LabelMap, ignoreIndex: Int
  ) -> [Verdict] {
    requireOneSize(prediction, truth)
    return zip(prediction.values, truth.values).map { predicted, real in
      if Int(real) == ignoreIndex { return .nothing }
      switch (Int(predicted) == k, Int(real) == k) {
      case (true, true): return .truePositive
      case (true, false): return .falsePositive
      case (false, true): return .falseNegative
      case (false, false): return .nothing
      }
    }
  }

  /// Which of two predictions is right.
  public static func difference(
    _ first: LabelMap, _ second: LabelMap, truth: LabelMap, ignoreIndex: Int
  ) -> [Verdict] {
    requireOneSize(first, truth)
    requireOneSize(second, truth)
    return zip(zip(first.values, second.values), truth.values).map { pair, real in
      if Int(real) == ignoreIndex { return .ignored }
      switch (pair.0 == real, pair.1 == real) {
      case (true, true): return .both
      case (true, false): return .onlyFirst
      case (false, true): return .onlySecond
      case (false, false): return .neither
      }
    }
  }

  /// What became of the teacher's verdict: both right, fixed, broken, both wrong.
  public static func split(
    teacher: LabelMap, student: LabelMap, truth: LabelMap, classes: Int
  ) -> [Verdict] {
    requireOneSize(teacher, truth)
    requireOneSize(student, truth)
    return truth.values.indices.map { pixel in
      let real = truth.values[pixel]
      if Int(real) >= classes { return .ignored }
      switch GuidanceSplit.fate(
        teacher: teacher.values[pixel] == real, student: student.values[pixel] == real)
      {
      case .bothRight: return .both
      case .fixed: return .fixed
      case .broken: return .broken
      case .bothWrong: return .neither
      }
    }
  }

  /// How many pixels have each verdict of ``difference(_:_:truth:ignoreIndex:)``, without the list of verdicts.
  public static func differenceCounts(
    _ first: LabelMap, _ second: LabelMap, truth: LabelMap, ignoreIndex: Int
  ) -> (onlyFirst: Int, onlySecond: Int, both: Int, neither: Int, ignored: Int) {
    requireOneSize(first, truth)
    requireOneSize(second, truth)
    let ignored = UInt16(exactly: ignoreIndex)
    // By whether the truth counts, the first is right, the second is right.
    var counts = [Int](repeating: 0, count: 8)
    counts.withUnsafeMutableBufferPointer { counts in
      first.values.withUnsafeBufferPointer { first in
        second.values.withUnsafeBufferPointer { second in
          truth.values.withUnsafeBufferPointer { truth in
            for pixel in 0..<truth.count {
              let real = truth[pixel]
              let verdict =
                (real != ignored ? 4 : 0) | (first[pixel] == real ? 2 : 0)
                | (second[pixel] == real ? 1 : 0)
              counts[verdict] += 1
            }
          }
        }
      }
    }
    return (counts[6], counts[5], counts[7], counts[4], counts[0..<4].reduce(0, +))
  }

  private static func requireOneSize(_ prediction: LabelMap, _ truth: LabelMap) {
    precondition(
      prediction.width == truth.width && prediction.height == truth.height,
      "prediction \(prediction.width)×\(prediction.height), truth \(truth.width)×\(truth.height)")
  }
}

extension Picture {
  /// The picture in the dark with each pixel's verdict laid over it.
  public func judged(_ verdicts: [Judgement.Verdict], _ scheme: ColourScheme = .usual) -> Picture {
    precondition(
      verdicts.count == width * height, "\(verdicts.count) verdicts for \(width)×\(height)")
    let tints = Judgement.Verdict.allCases.map { $0.colour(scheme) }
    var judged = self
    judged.samples.withUnsafeMutableBufferPointer { samples in
      for (pixel, verdict) in verdicts.enumerated() {
        let i = 3 * pixel
        let grey = (Int(samples[i]) + Int(samples[i + 1]) + Int(samples[i + 2])) / 3
        // A third of the picture's grey stays, so that one sees what the verdict is about.
        if let tint = tints[verdict.rawValue] {
          samples[i] = UInt8((Int(tint.red) * 2 + grey) / 3)
          samples[i + 1] = UInt8((Int(tint.green) * 2 + grey) / 3)
          samples[i + 2] = UInt8((Int(tint.blue) * 2 + grey) / 3)
        } else {
          let dark = UInt8(grey / 2)
          (samples[i], samples[i + 1], samples[i + 2]) = (dark, dark, dark)
        }
      }
    }
    return judged
  }
}
