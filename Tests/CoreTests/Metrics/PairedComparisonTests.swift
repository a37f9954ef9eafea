import TestSupport
import Testing

@testable import Core

@Suite("Paired comparison")
struct PairedComparisonTests {
  private typealias Image = (name: String, a: ClassOverlaps, b: ClassOverlaps)

  private func image(
    _ name: String, truth: [UInt16], a: [UInt16], b: [UInt16], classes: Int = 2
  ) -> Image {
    func overlaps(_ prediction: [UInt16]) -> ClassOverlaps {
      var matrix = ConfusionMatrix(classes: classes)
      matrix.add(
        prediction: LabelMap(width: truth.count, height: 1, values: prediction),
        truth: LabelMap(width: truth.count, height: 1, values: truth), ignoreIndex: 255)
      return ClassOverlaps(matrix)
    }
    return (name, overlaps(a), overlaps(b))
  }

  /// IoU by hand: A has 2/5 and 3/6, B 4/5 and 3/4.
  private var twoImages: [Image] {
    [
      image("x", truth: [0, 0, 1, 1], a: [0, 0, 1, 1], b: [0, 1, 1, 1]),
      image("y", truth: [0, 0, 0, 1], a: [1, 1, 1, 1], b: [0, 0, 0, 1]),
    ]
  }

  /// Images of three classes whose truth each side finds in a share of the pixels.
  private func noise(_ count: Int, a: UInt64, b: UInt64) -> [Image] {
    var random = SeededRandom(seed: 5)
    return (0..<count).map { number in
      let truth = (0..<60).map { _ in UInt16(random.next() % 3) }
      func found(_ percent: UInt64) -> [UInt16] {
        truth.map { random.next() % 100 < percent ? $0 : UInt16(random.next() % 3) }
      }
      return image("\(100 + number)", truth: truth, a: found(a), b: found(b), classes: 3)
    }
  }

  private func bootstrap(
    _ comparison: PairedComparison, resamples: Int = 2000, seed: UInt64 = 1, threads: Int = 2
  ) -> PairedBootstrap {
    PairedBootstrap(
      comparison, resamples: resamples, seed: seed, threads: Threads(threads))
  }

  @Test func byHand() {
    let comparison = PairedComparison(classes: 2, images: twoImages)
    #expect(comparison.iou(0) == (0.4, 0.8))
    #expect(comparison.iou(1) == (0.5, 0.75))
    #expect(comparison.meanIoU == (0.45, 0.775))
    #expect(comparison.difference == 0.775 - 0.45)
    #expect(comparison.meanIoU(ofImage: 1) == (0.125, 1))
    // Without x ΔmIoU is 1 − 1/8, without y (1/2 + 2/3) / 2 − 1.
    let influences = comparison.influences
    #expect(abs(influences[0] - (0.325 - 0.875)) < 1e-12)
    #expect(abs(influences[1] - (0.325 - (7.0 / 12 - 1))) < 1e-12)
  }

  /// Of two images the draws are x x, y y, and twice x y: the interval ends at the first two, and a quarter of the draws
  /// speaks for A.
  @Test func bootstrapByHand() {
    let comparison = PairedComparison(classes: 2, images: twoImages)
    let result = bootstrap(comparison, resamples: 10_000)
    #expect(abs(result.low - (7.0 / 12 - 1)) < 1e-12)
    #expect(abs(result.high - 0.875) < 1e-12)
    #expect(abs(result.pValue - 0.5) < 0.03)
  }

  /// A class that only A predicts is A's alone: its 0 is not in B's mean.
  @Test func classesOfOneSide() {
    let comparison = PairedComparison(
      classes: 3, images: [image("x", truth: [0, 1], a: [0, 2], b: [0, 1], classes: 3)])
    #expect(comparison.iou(2).a == 0 && comparison.iou(2).b.isNaN)
    #expect(comparison.meanIoU.a == 1.0 / 3 && comparison.meanIoU.b == 1)
    // Without the only image there is no number.
    #expect(comparison.influences[0].isNaN)
  }

  /// To the last bit the mIoU that an evaluation reports.
  @Test func meansAreThoseOfTheMatrix() {
    var sum = ConfusionMatrix(classes: 3)
    let images = (0..<9).map { number -> Image in
      let matrix = ResultsStoreTests.counts(UInt64(number)).confusion
      sum.add(matrix)
      return ("\(number)", ClassOverlaps(matrix), ClassOverlaps(matrix))
    }
    #expect(PairedComparison(classes: 3, images: images).meanIoU == (sum.meanIoU, sum.meanIoU))
  }

  @Test func identicalPredictions() {
    let images = noise(20, a: 70, b: 70).map { Image($0.name, $0.a, $0.a) }
    let comparison = PairedComparison(classes: 3, images: images)
    let result = bootstrap(comparison)
    #expect(comparison.difference == 0)
    #expect(result.low == 0 && result.high == 0 && result.pValue == 1)
    #expect(comparison.influences.allSatisfy { $0 == 0 })
  }

  /// Two predictions of one quality are not told apart, and a better one is.
  @Test func directions() {
    let equal = bootstrap(PairedComparison(classes: 3, images: noise(60, a: 70, b: 70)))
    #expect(equal.low < 0 && equal.high > 0 && equal.pValue > 0.05)
    let better = bootstrap(PairedComparison(classes: 3, images: noise(60, a: 50, b: 90)))
    #expect(better.low > 0.2 && better.pValue == 2.0 / 2001)
  }

  /// A and B exchanged, every sign is the other; the order of the images and the number of threads change nothing.
  @Test func symmetry() {
    let images = noise(40, a: 60, b: 65)
    let forward = PairedComparison(classes: 3, images: images)
    let backward = PairedComparison(
      classes: 3, images: images.reversed().map { Image($0.name, $0.b, $0.a) })
    let (result, opposite) = (bootstrap(forward), bootstrap(backward, threads: 3))
    #expect(forward.difference == -backward.difference)
    #expect(forward.influences == backward.influences.map { -$0 })
    #expect(result.low == -opposite.high && result.high == -opposite.low)
    #expect(result.pValue == opposite.pValue)
    #expect(bootstrap(forward, seed: 2) != result)
    #expect(result.low < forward.difference && forward.difference < result.high)
  }

  /// Nothing but void: there is no difference to be sure of.
  @Test func nothingToMeasure() {
    let comparison = PairedComparison(
      classes: 2, images: [image("x", truth: [255], a: [0], b: [1])])
    #expect(comparison.difference.isNaN)
    #expect(bootstrap(comparison).pValue == 1)
  }
}
