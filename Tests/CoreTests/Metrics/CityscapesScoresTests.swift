import Testing

@testable import Core

@Suite("Cityscapes' scores")
struct CityscapesScoresTests {
  /// A frame of 64 × 32 that cityscapesScripts has scored.
  private static let frame: (prediction: LabelMap, truth: LabelMap, instances: LabelMap) = {
    func blank() -> LabelMap {
      LabelMap(width: 64, height: 32, values: [UInt16](repeating: 7, count: 64 * 32))
    }
    func fill(_ map: inout LabelMap, _ x: Range<Int>, _ y: Range<Int>, _ value: UInt16) {
      for v in y { for u in x { map[u, v] = value } }
    }
    var (truth, instances) = (blank(), blank())
    for (x, y, label, instance): (Range<Int>, Range<Int>, UInt16, UInt16) in [
      (0..<64, 0..<8, 23, 23), (0..<64, 8..<16, 11, 11), (8..<24, 16..<24, 26, 26000),
      (32..<40, 16..<24, 26, 26001), (48..<52, 12..<28, 24, 24000), (56..<60, 16..<20, 26, 26),
      (0..<64, 30..<32, 1, 1),
    ] {
      fill(&truth, x, y, label)
      fill(&instances, x, y, instance)
    }
    var prediction = blank()
    for y in 0..<32 {
      for x in 0..<64 {
        let label = truth[(x + 62) % 64, y]
        prediction[x, y] = label == 1 ? 7 : label
      }
    }
    fill(&prediction, 36..<40, 16..<24, 28)
    return (prediction, truth, instances)
  }()

  private func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }

  private func check(_ scores: CityscapesScores) {
    #expect(
      [7, 11, 23, 24, 26, 28].map { rounded(scores.iou[$0]) }
        == [0.818182, 0.968254, 1, 0.333333, 0.548387, 0])
    #expect(scores.iou.count { !$0.isNaN } == 6)
    #expect(
      [24, 26, 28].map { rounded(scores.instanceIoU[$0]) } == [0.495421, 0.561622, 0])
    #expect(
      [1, 2, 5, 6, 7].map { rounded(scores.categoryIoU[$0]) }
        == [0.818182, 0.968254, 1, 0.333333, 0.677419])
    #expect(
      [6, 7].map { rounded(scores.categoryInstanceIoU[$0]) } == [0.495421, 0.811232])
    #expect(scores.categoryInstanceIoU.count { !$0.isNaN } == 2)
    let means = scores.means
    #expect(rounded(means.iou) == 0.611359 && rounded(means.instanceIoU) == 0.352348)
    #expect(
      rounded(means.categoryIoU) == 0.759438 && rounded(means.categoryInstanceIoU) == 0.653327)
  }

  @Test func labelIDs() {
    let (prediction, truth, instances) = Self.frame
    let counts = ImageCounts(
      prediction: prediction, truth: truth, classes: 34, ignoreIndex: -1, extras: .instances,
      instances: instances)
    let scores = CityscapesScores(counts.confusion, instances: counts.instances)
    check(scores)
    #expect(scores.confusion.reduce(0, +) == 64 * 32)
    // The mean over the 19 classes is mmseg's.
    #expect(counts.confusion.ofTrainIDs.meanIoU == scores.means.iou)
  }

  /// A model of 19 classes has the same scores, although rows of labels that are not evaluated are not counted.
  @Test func trainIDs() {
    let (prediction, truth, instances) = Self.frame
    func mapped(_ map: LabelMap) -> LabelMap {
      var map = map
      for i in map.values.indices {
        map.values[i] = UInt16(Cityscapes.labels[Int(map.values[i])].trainID ?? 255)
      }
      return map
    }
    let counts = ImageCounts(
      prediction: mapped(prediction), truth: mapped(truth), classes: 19, ignoreIndex: 255,
      extras: .instances, instances: instances)
    check(CityscapesScores(counts.confusion, instances: counts.instances))
    let whole = ImageCounts(
      prediction: prediction, truth: truth, classes: 34, ignoreIndex: -1)
    #expect(whole.confusion.ofTrainIDs == counts.confusion)
  }

  @Test func withoutInstancesThereIsNoInstanceScore() {
    let scores = CityscapesScores(ConfusionMatrix(classes: 19))
    #expect(scores.means.iou.isNaN && scores.means.instanceIoU.isNaN)
    #expect(scores.instanceIoU.allSatisfy { $0.isNaN })
    #expect(scores.categoryInstanceIoU.allSatisfy { $0.isNaN })
    #expect(scores.json.text.contains("\"averageScoreInstClasses\": null"))
  }

  @Test func labels() {
    #expect(Cityscapes.labels.map(\.id) == Array(0..<34))
    #expect(
      Cityscapes.labelIDs
        == [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33])
    #expect(Cityscapes.labels.compactMap(\.trainID) == Array(0..<19))
    #expect(Set(Cityscapes.labels.map(\.category)) == Set(Cityscapes.categories))
  }
}
