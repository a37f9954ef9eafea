import TestSupport
import Testing

@testable import Core

@Suite("Scores")
struct ScoresTests {
  private func matrix(
    _ prediction: [UInt16], _ truth: [UInt16], classes: Int, ignoreIndex: Int = 255
  ) -> ConfusionMatrix {
    var matrix = ConfusionMatrix(classes: classes)
    matrix.add(
      prediction: LabelMap(width: prediction.count, height: 1, values: prediction),
      truth: LabelMap(width: truth.count, height: 1, values: truth), ignoreIndex: ignoreIndex)
    return matrix
  }

  /// Percent of two decimals.
  private func percent(_ share: Double) -> Double { (share * 10000).rounded() / 100 }

  /// The measures that mmsegmentation's `IoUMetric` prints for a 7 × 9 pattern.
  @Test func pattern() {
    var (prediction, truth): ([UInt16], [UInt16]) = ([], [])
    for y in 0..<7 {
      for x in 0..<9 {
        let label = (3 * y + 2 * x) % 6
        truth.append(label == 5 ? 255 : UInt16(label))
        prediction.append(UInt16((y * x + y) % 5))
      }
    }
    let scores = Scores(of: matrix(prediction, truth, classes: 5))
    #expect(
      (0..<5).map { (scores[.iou, $0] * 1e6).rounded() } == [
        111_111, 58824, 105_263, 58824, 105_263,
      ])
    #expect(percent(scores.meanIoU) == 8.79)
    #expect(percent(scores.meanAccuracy) == 16.11)
    #expect(percent(scores.mean(.dice)) == 16.06)
    #expect(percent(scores.mean(.precision)) == 16.67)
    #expect(percent(scores.mean(.recall)) == 16.11)
    #expect(percent(scores.mean(.fScore)) == 16.06)
    #expect(percent(scores.pixelAccuracy) == 16.67)
  }

  /// Labels after reduce-zero-label: 0 became 255, the others one less.
  @Test func withoutZeroLabel() {
    var (prediction, truth): ([UInt16], [UInt16]) = ([], [])
    for y in 0..<7 {
      for x in 0..<9 {
        let raw = (y + x) % 5
        truth.append(raw == 0 ? 255 : UInt16(raw - 1))
        prediction.append(UInt16(y * x % 4))
      }
    }
    let matrix = matrix(prediction, truth, classes: 4)
    #expect((0..<4).map(matrix.intersection) == [8, 1, 3, 2])
    #expect(
      (0..<4).map { matrix.truth($0) + matrix.predicted($0) - matrix.intersection($0) }
        == [34, 16, 22, 16])
    let scores = Scores(of: matrix)
    #expect((scores.meanIoU * 1e7).rounded() == 1_397_894)
    #expect((scores.pixelAccuracy * 1e7).rounded() == 2_745_098)
  }

  /// What is predicted but never true: IoU and Dice 0 count, accuracy and F do not exist.
  @Test func absentClasses() {
    let scores = Scores(of: matrix([0, 1, 1], [0, 0, 0], classes: 4))
    #expect(scores[.iou, 0] == 1.0 / 3 && scores[.iou, 1] == 0)
    #expect(scores[.iou, 2].isNaN && scores[.iou, 3].isNaN)
    #expect(scores.meanIoU == 1.0 / 6)
    #expect(scores.meanAccuracy == 1.0 / 3)
    #expect(scores.mean(.dice) == 0.25)
    #expect(scores.mean(.fScore) == 0.5)
    #expect(scores[.fScore, 1].isNaN && scores[.precision, 1] == 0)
  }

  @Test func strayLabel() {
    let matrix = matrix([0, 0, 1, 1, 2, 2], [0, 7, 1, 255, 1, 2], classes: 3)
    #expect((0..<3).map { Scores(of: matrix)[.iou, $0] } == [0.5, 0.5, 0.5])
    #expect(Scores(of: matrix).pixelAccuracy == 0.75)
    // Nothing is held against class 0 where the truth is no class.
    for convention in [Convention.cityscapes, .detectron2, .segnet] {
      #expect(Scores(of: matrix, convention: convention)[.iou, 0] == 1)
    }
    #expect(Scores(of: matrix, convention: .segnet).pixelAccuracy == 0.6)
  }

  @Test func strayPrediction() {
    let matrix = matrix([0, 9, 1, 9], [0, 0, 1, 2], classes: 3)
    #expect(Scores(of: matrix)[.iou, 0] == 0.5 && Scores(of: matrix).pixelAccuracy == 0.5)
    #expect(Scores(of: matrix, convention: .cityscapes)[.iou, 0] == 0.5)
    let detectron2 = Scores(of: matrix, convention: .detectron2)
    #expect(detectron2[.iou, 0] == 1 && detectron2[.iou, 2].isNaN && detectron2.pixelAccuracy == 1)
    let segnet = Scores(of: matrix, convention: .segnet)
    #expect(segnet[.iou, 2] == 0 && segnet.meanIoU == 2.0 / 3 && segnet.pixelAccuracy == 0.5)
  }

  /// One image of Hugging Face's worked example has 5 classes, another 6, the third 5; each image counts alike.
  @Test func meansOverImages() {
    let images = [
      matrix([1, 2, 3, 4, 5, 255], [0, 3, 5, 4, 6, 255], classes: 10),
      matrix([2, 7, 9, 2, 3, 6], [1, 7, 9, 2, 3, 6], classes: 10),
      matrix([0, 0], [255, 255], classes: 10),
    ]
    var (forth, back) = (PerImageScores(classes: 10), PerImageScores(classes: 10))
    for image in images { forth.add(image) }
    back.add(images[2])
    var half = PerImageScores(classes: 10)
    for image in images[..<2].reversed() { half.add(image) }
    back.add(half)
    #expect(forth == back)
    // Image 1: class 4 of 0…6 is right. Image 2: 3, 6, 7 and 9 are right, 2 by half, 1 is not. Image 3 has no score.
    let scores = forth.scores
    let firstAndSecond: Double = (1.0 / 7 + 4.5 / 6) / 2
    let pixels: Double = (1.0 / 5 + 5.0 / 6) / 2
    #expect(abs(scores.meanIoU - firstAndSecond) < 1e-15)
    #expect(abs(scores.pixelAccuracy - pixels) < 1e-15)
    #expect(scores[.iou, 4] == 1 && scores[.iou, 2] == 0.25 && scores[.iou, 8].isNaN)
    #expect(abs(forth.meanIoUOfPairs - 5.5 / 13) < 1e-15)
    #expect(forth.images == 3 && forth.classesPerImage == 13.0 / 3)
  }

  /// The sum of a million shares is the same in any order, where Doubles would differ.
  @Test func exactMeanHasNoOrder() {
    var random = SeededRandom(seed: 3)
    let shares = (0..<10000).map { _ in Double(random.next() >> 11) / 9_007_199_254_740_992 }
    var (forth, back) = (ExactMean(), ExactMean())
    for share in shares { forth.add(share) }
    for share in shares.reversed() { back.add(share) }
    #expect(forth == back && forth.value == back.value)
    #expect(abs(forth.value - shares.reduce(0, +) / 10000) < 1e-12)
    forth.add(.nan)
    #expect(forth == back && ExactMean().value.isNaN)
  }

  @Test func betaWeighsRecall() {
    let matrix = matrix([0, 0, 0, 1], [0, 1, 1, 1], classes: 2)
    // Class 0: precision 1/3, recall 1.
    #expect(Scores(of: matrix)[.fScore, 0] == 0.5)
    #expect(abs(Scores(of: matrix, beta: 2)[.fScore, 0] - 5.0 / 7) < 1e-15)
  }

  @Test func weightedIoU() {
    let matrix = matrix([0, 0, 0, 1], [0, 1, 1, 1], classes: 3)
    #expect(Scores(of: matrix).weightedIoU == 1.0 / 3)
    #expect(Scores(of: ConfusionMatrix(classes: 2)).weightedIoU.isNaN)
  }

  @Test func reasonsNameTheClasses() {
    let matrix = matrix([0, 1, 1, 9, 2], [0, 0, 0, 0, 7], classes: 4)
    var images = PerImageScores(classes: 4)
    images.add(matrix)
    let table = Reconciliation(
      total: matrix, images: images, names: ["Sky", "Pole", "Fence", "Car"])
    #expect(table.rows.map(\.convention) == Convention.allCases)
    #expect(
      table.rows.map(\.reason) == [
        "1 class (Car) is neither true nor predicted and left out; 2 classes (Pole, Fence) are predicted but never true: IoU 0",
        "what is predicted on 1 pixel whose label is no class is no false positive here",
        "2 classes (Pole, Fence) are never true: IoU 0 in mmseg, left out here; what is predicted on 1 pixel whose label is no class is no false positive here; 1 pixel predicted as no class: wrong in mmseg, left out here",
        "3 classes (Car, Pole, Fence) are never true: 0 here, and the sum is divided by 4; what is predicted on 1 pixel whose label is no class is no false positive here; 1 pixel predicted as no class: wrong in mmseg, left out here",
        "each image counts alike, with the classes it has: 3.0 of 4 on average over 1 image",
      ])
    let means: [Double] = [1.0 / 12, 0.125, 1.0 / 3, 1.0 / 12, 1.0 / 12]
    #expect(table.rows.map(\.meanIoU) == means)
  }

  @Test func nothingToExplain() {
    let matrix = matrix([0, 1], [0, 1], classes: 2)
    var images = PerImageScores(classes: 2)
    images.add(matrix)
    #expect(
      Reconciliation(total: matrix, images: images, names: ["a", "b"]).rows.map(\.reason) == [
        "all 2 classes count", "as mmseg: no label is out of range",
        "as mmseg: all that is predicted is true somewhere",
        "as mmseg: all 2 classes are true somewhere",
        "each image counts alike, with the classes it has: 2.0 of 2 on average over 1 image",
      ])
  }

  @Test func programmerErrorsStop() async {
    await #expect(processExitsWith: .failure) {
      _ = Scores(of: ConfusionMatrix(classes: 2), convention: .perImage)
    }
    await #expect(processExitsWith: .failure) {
      var images = PerImageScores(classes: 2)
      images.add(ConfusionMatrix(classes: 3))
    }
  }
}
