/// How sure ΔmIoU is: its distribution over data sets of images drawn, with replacement, from those that were measured.
///
/// As many images are drawn as there are, the same for both predictions (paired bootstrap; Koehn, EMNLP 2004), and ΔmIoU is
/// computed anew from their sums. The interval is the percentile interval (Efron and Tibshirani, *An Introduction to the
/// Bootstrap*, 1993, ch. 13) between the ⌊(R + 1) · 2.5 %⌋-th lowest and highest of R values. The p-value is the level at
/// which such an interval just touches 0, with the added 1 of Davison and Hinkley (*Bootstrap Methods and their
/// Application*, 1997, ch. 4), so that it is never 0:
///
///     p = min(1, 2 · (1 + min(#{Δ ≤ 0}, #{Δ ≥ 0})) / (R + 1))
///
/// It speaks of other images of the same kind, not of other trainings of the models.
public struct PairedBootstrap: Sendable, Equatable {
  /// How many data sets were drawn.
  public let resamples: Int
  /// What the draws follow from.
  public let seed: UInt64
  /// The ends of the 95 % interval of ΔmIoU, in [−1, 1].
  public let low, high: Double
  /// The two-sided p-value of "there is no difference", in (0, 1].
  public let pValue: Double

  /// The share of values that the interval leaves out on each side.
  private static let tail = 0.025
  /// Resamples that a thread does at a time.
  private static let chunk = 64

  /// Draws `resamples` data sets; the result follows from the comparison and the seed, on any number of threads.
  ///
  /// A draw that has no pixel to measure counts as no difference.
  public init(
    _ comparison: PairedComparison, resamples: Int = 10_000, seed: UInt64 = 1, threads: Threads
  ) {
    precondition(resamples > 0, "a bootstrap needs resamples, not \(resamples)")
    self.resamples = resamples
    self.seed = seed
    var seeds = SplitMix64(seed: seed)
    let starts = (0..<resamples).map { _ in seeds.next() }
    var differences = [Double](repeating: 0, count: resamples)
    differences.withUnsafeMutableBufferPointer { differences in
      nonisolated(unsafe) let differences = differences
      threads.forEach(resamples, by: Self.chunk) { range, _ in
        var sums: [PairedComparison.Pixels] = []
        for i in range {
          let difference = comparison.difference(ofDrawFrom: starts[i], &sums)
          differences[i] = difference.isNaN ? 0 : difference
        }
      }
    }
    differences.sort()
    let rank = max(1, Int(Double(resamples + 1) * Self.tail))
    low = differences[rank - 1]
    high = differences[resamples - rank]
    let notAbove = differences.count { $0 <= 0 }
    let notBelow = differences.count { $0 >= 0 }
    pValue = min(1, 2 * Double(1 + min(notAbove, notBelow)) / Double(resamples + 1))
  }
}

extension PairedComparison {
  /// ΔmIoU over as many images as there are, drawn by a generator that starts at `seed`; `sums` is scratch memory.
  fileprivate func difference(ofDrawFrom seed: UInt64, _ sums: inout [Pixels]) -> Double {
    var random = SplitMix64(seed: seed)
    sums.removeAll(keepingCapacity: true)
    sums.append(contentsOf: repeatElement(.zero, count: classes))
    for _ in names {
      // The high word of a product: no image is preferred by more than 2⁻⁴⁰.
      let i = Int(random.next().multipliedFullWidth(by: UInt64(names.count)).high)
      for entry in entries[starts[i]..<starts[i + 1]] { sums[entry.k] &+= entry.pixels }
    }
    return Self.difference(sums)
  }
}
