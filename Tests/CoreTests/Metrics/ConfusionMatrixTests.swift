import TestSupport
import Testing

@testable import Core

/// Golden values were computed with mmsegmentation's `IoUMetric`.
@Suite("Confusion matrix")
struct ConfusionMatrixTests {
  private func matrix(
    _ prediction: [UInt16], _ truth: [UInt16], classes: Int, ignoreIndex: Int = 255
  ) -> ConfusionMatrix {
    var matrix = ConfusionMatrix(classes: classes)
    matrix.add(
      prediction: LabelMap(width: prediction.count, height: 1, values: prediction),
      truth: LabelMap(width: truth.count, height: 1, values: truth), ignoreIndex: ignoreIndex)
    return matrix
  }

  private func union(_ matrix: ConfusionMatrix, _ k: Int) -> UInt64 {
    matrix.truth(k) + matrix.predicted(k) - matrix.intersection(k)
  }

  private func percent(_ share: Double) -> Double { (share * 10000).rounded() / 100 }

  /// Every number of a 7 × 9 pattern of five classes with ignored pixels.
  @Test func pattern() {
    var (prediction, truth): ([UInt16], [UInt16]) = ([], [])
    for y in 0..<7 {
      for x in 0..<9 {
        let label = (3 * y + 2 * x) % 6
        truth.append(label == 5 ? 255 : UInt16(label))
        prediction.append(UInt16((y * x + y) % 5))
      }
    }
    let matrix = matrix(prediction, truth, classes: 5)
    let classes = 0..<5
    #expect(classes.map(matrix.intersection) == [3, 1, 2, 1, 2])
    #expect(classes.map { union(matrix, $0) } == [27, 17, 19, 17, 19])
    #expect(classes.map(matrix.predicted) == [18, 9, 9, 9, 9])
    #expect(classes.map(matrix.truth) == [12, 9, 12, 9, 12])
    #expect(percent(matrix.meanIoU) == 8.79)
    #expect(percent(matrix.meanAccuracy) == 16.11)
    #expect(percent(matrix.pixelAccuracy) == 16.67)
    #expect(matrix.strayTruth == 0)
  }

  /// Neither true nor predicted is left out of the mean; predicted but never true counts as 0.
  @Test func absentClasses() {
    let matrix = matrix([0, 1, 1], [0, 0, 0], classes: 4)
    #expect(matrix.iou(0) == 1.0 / 3)
    #expect(matrix.iou(1) == 0)
    #expect(matrix.iou(2).isNaN && matrix.iou(3).isNaN)
    #expect(matrix.meanIoU == 1.0 / 6)
    #expect(matrix.accuracy(1).isNaN)
    #expect(matrix.meanAccuracy == 1.0 / 3)
  }

  /// A label that no class has leaves its prediction standing as a false positive.
  @Test func strayLabel() {
    let matrix = matrix([0, 0, 1, 1, 2, 2], [0, 7, 1, 255, 1, 2], classes: 3)
    let classes = 0..<3
    #expect(classes.map(matrix.intersection) == [1, 1, 1])
    #expect(classes.map { union(matrix, $0) } == [2, 2, 2])
    #expect(classes.map(matrix.truth) == [1, 2, 1])
    #expect(classes.map(matrix.iou) == [0.5, 0.5, 0.5])
    #expect(matrix.pixelAccuracy == 0.75)
    #expect(matrix.strayTruth == 1)
  }

  @Test func strayPredictionIsAnErrorOfItsClass() {
    let matrix = matrix([0, 9, 65535], [0, 0, 1], classes: 2)
    #expect(matrix.truth(0) == 2 && matrix.iou(0) == 0.5)
    #expect(matrix.truth(1) == 1 && matrix.iou(1) == 0)
    #expect(matrix.predicted(1) == 0)
  }

  @Test func onlyIgnoredPixelsGiveNoNumber() {
    let matrix = matrix([0, 1], [11, 11], classes: 2, ignoreIndex: 11)
    #expect(matrix == ConfusionMatrix(classes: 2))
    #expect(matrix.meanIoU.isNaN && matrix.meanAccuracy.isNaN && matrix.pixelAccuracy.isNaN)
  }

  /// Labels that Hugging Face's documentation works through; value 255 is ignored.
  @Test func workedExample() {
    var matrix = ConfusionMatrix(classes: 10)
    let pairs: [([UInt16], [UInt16])] = [
      ([1, 2, 3, 4, 5, 255], [0, 3, 5, 4, 6, 255]), ([2, 7, 9, 2, 3, 6], [1, 7, 9, 2, 3, 6]),
      ([2, 2, 3, 8, 2, 4, 3, 255, 2], [1, 2, 2, 8, 2, 1, 3, 255, 1]),
    ]
    for (prediction, truth) in pairs {
      matrix.add(self.matrix(prediction, truth, classes: 10))
    }
    #expect((matrix.meanIoU * 10000).rounded() / 10000 == 0.4775)
    #expect((matrix.meanAccuracy * 1e7).rounded() / 1e7 == 0.5916667)
    #expect((matrix.pixelAccuracy * 1e7).rounded() / 1e7 == 0.5263158)
  }

  /// Against counting pixel by pixel, over ignore values inside and outside of the classes.
  @Test(arguments: [11, 255, 0, 65535, -1, 70000], [1, 2, 11])
  func agreesWithCountingPixels(ignoreIndex: Int, classes: Int) {
    var random = SeededRandom(seed: UInt64(classes))
    let values: [UInt16] = [0, 1, 2, 5, 10, 11, 12, 255, 256, 65535]
    let count = 37 * 23
    let prediction = (0..<count).map { _ in values[Int(random.next() % 10)] }
    let truth = (0..<count).map { _ in values[Int(random.next() % 10)] }
    let matrix = matrix(prediction, truth, classes: classes, ignoreIndex: ignoreIndex)

    let counted = zip(prediction, truth).filter { Int($0.1) != ignoreIndex }
    for k in 0..<classes {
      let intersection = counted.count { Int($0.0) == k && Int($0.1) == k }
      let union = counted.count { Int($0.0) == k || Int($0.1) == k }
      let labelled = counted.count { Int($0.1) == k }
      #expect(matrix.intersection(k) == intersection)
      #expect(self.union(matrix, k) == union)
      #expect(matrix.truth(k) == labelled)
      let iou = Double(intersection) / Double(union)
      #expect(matrix.iou(k) == iou || (matrix.iou(k).isNaN && iou.isNaN))
    }
    #expect(matrix.strayTruth == counted.count { Int($0.1) >= classes })
    #expect(matrix.counts.reduce(0, +) == counted.count)
  }

  /// Flat stretches are counted sixteen pixels at a time; their ends fall anywhere.
  @Test(arguments: [0, 1, 15, 16, 17, 31, 33, 1009])
  func flatStretches(count: Int) {
    var random = SeededRandom(seed: UInt64(count))
    func stretches() -> [UInt16] {
      var values: [UInt16] = []
      while values.count < count {
        let value = [0, 1, 2, 3, 9, 255][Int(random.next() % 6)] as UInt16
        values += [UInt16](repeating: value, count: 1 + Int(random.next() % 70))
      }
      return Array(values.prefix(count))
    }
    let (prediction, truth) = (stretches(), stretches())
    let matrix = matrix(prediction, truth, classes: 3)
    for row in 0...3 {
      for column in 0...3 {
        let expected = zip(prediction, truth).count {
          $0.1 != 255 && min(Int($0.1), 3) == row && min(Int($0.0), 3) == column
        }
        #expect(matrix[row, column] == expected)
      }
    }
  }

  @Test func imagesAddUp() {
    let (a, b) = (matrix([0, 1], [1, 1], classes: 2), matrix([1, 0], [0, 0], classes: 2))
    var sum = a
    sum.add(b)
    #expect(sum == matrix([0, 1, 1, 0], [1, 1, 0, 0], classes: 2))
  }

  @Test func programmerErrorsStop() async {
    await #expect(processExitsWith: .failure) { _ = ConfusionMatrix(classes: 0) }
    await #expect(processExitsWith: .failure) {
      var matrix = ConfusionMatrix(classes: 1)
      matrix.add(
        prediction: LabelMap(width: 2, height: 1, values: [0, 0]),
        truth: LabelMap(width: 1, height: 2, values: [0, 0]), ignoreIndex: 255)
    }
    await #expect(processExitsWith: .failure) {
      var matrix = ConfusionMatrix(classes: 1)
      matrix.add(ConfusionMatrix(classes: 2))
    }
  }
}
