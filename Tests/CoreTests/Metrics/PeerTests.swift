import Foundation
import TestSupport
import Testing

@testable import Core

/// Random maps give the numbers that mmsegmentation, cityscapesScripts, torchmetrics and OpenCV's erosion give.
///
/// `Goldens/metrics/make_metrics.py` makes the same maps from the same seeds and writes down what the tools say.
@Suite("Agreement with the field's tools")
struct PeerTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    struct MMSeg: Decodable, Sendable {
      let summary: [String: Double]
      let classes: [String: [Double?]]
    }
    struct Boundary: Decodable, Sendable {
      let d: Int
      let ratio: Double
      let iou: [Double?]
    }

    let name: String
    let classes, width, height, images, cell: Int
    let seed: UInt64
    let truths, predictions: [UInt16]
    let mmseg: MMSeg?
    let boundary: Boundary?
    let calibration: [String: Double]?
    let cityscapes: Street?

    var testDescription: String { name }

    /// Prediction and truth of each image.
    var maps: [(prediction: LabelMap, truth: LabelMap)] {
      (0..<images).map { image in
        var random = SeededRandom(seed: seed + UInt64(image))
        let columns = (width + cell - 1) / cell
        let cells = (0..<(columns * ((height + cell - 1) / cell))).map { _ in
          truths[Int(random.next() % UInt64(truths.count))]
        }
        let blank = [UInt16](repeating: 0, count: width * height)
        var truth = LabelMap(width: width, height: height, values: blank)
        for y in 0..<height {
          for x in 0..<width { truth[x, y] = cells[y / cell * columns + x / cell] }
        }
        var prediction = truth
        for y in 0..<height {
          for x in 0..<width {
            let draw = random.next()
            prediction[x, y] =
              draw % 4 == 0
              ? predictions[Int((draw >> 32) % UInt64(predictions.count))]
              : truth[max(x - 2, 0), y]
          }
        }
        return (prediction, truth)
      }
    }
  }

  struct Street: Decodable, Sendable {
    let confMatrix: [[UInt64]]
    let priors, classScores, classInstScores, categoryScores, categoryInstScores: [String: Double?]
    let labels: [String: Int]
    let averageScoreClasses, averageScoreInstClasses: Double
    let averageScoreCategories, averageScoreInstCategories: Double
  }

  private struct File: Decodable {
    let cases: [Case]
  }

  static let cases: [Case] = {
    let file = TestFiles.goldens + "/metrics/expected.json"
    guard let data = FileManager.default.contents(atPath: file),
      let cases = try? JSONDecoder().decode(File.self, from: data).cases
    else { preconditionFailure("\(file) cannot be read") }
    return cases
  }()

  /// As both print a number in percent; any NaN is one.
  private static func printed(_ percent: Double?) -> String {
    percent.map { $0.isNaN ? "nan" : String(format: "%.2f", $0) } ?? "nan"
  }

  private static func percent(_ share: Double) -> String { printed(100 * share) }

  @Test(arguments: cases.filter { $0.mmseg != nil })
  func mmsegmentation(case: Case) throws {
    let expected = try #require(`case`.mmseg)
    var matrix = ConfusionMatrix(classes: `case`.classes)
    for (prediction, truth) in `case`.maps {
      matrix.add(prediction: prediction, truth: truth, ignoreIndex: 255)
    }
    let scores = Scores(of: matrix)
    #expect(Self.percent(scores.pixelAccuracy) == Self.printed(expected.summary["aAcc"]))
    for measure in Measure.allCases {
      #expect(
        Self.percent(scores.mean(measure))
          == Self.printed(expected.summary["m\(measure.rawValue)"]), "\(measure)")
      #expect(
        (0..<`case`.classes).map { Self.percent(scores[measure, $0]) }
          == expected.classes[measure.rawValue]?.map(Self.printed), "\(measure)")
    }
  }

  @Test(arguments: cases.filter { $0.boundary != nil })
  func erosion(case: Case) throws {
    let expected = try #require(`case`.boundary)
    #expect(
      BoundaryCounts.distance(width: `case`.width, height: `case`.height, ratio: expected.ratio)
        == expected.d)
    var counts = ImageCounts(classes: `case`.classes, extras: .boundary)
    for (prediction, truth) in `case`.maps {
      counts.add(
        ImageCounts(
          prediction: prediction, truth: truth, classes: `case`.classes, ignoreIndex: 255,
          extras: .boundary, boundaryRatio: expected.ratio))
    }
    let boundary = try #require(counts.boundary)
    for (k, iou) in expected.iou.enumerated() {
      #expect(iou.map { $0 == boundary.iou(k) } ?? boundary.iou(k).isNaN, "class \(k)")
    }
  }

  @Test(arguments: cases.filter { $0.calibration != nil })
  func torchmetrics(case: Case) throws {
    let expected = try #require(`case`.calibration)
    var counts = ImageCounts(classes: `case`.classes, extras: .calibration)
    for (image, (prediction, truth)) in `case`.maps.enumerated() {
      var random = SeededRandom(seed: `case`.seed + 1000 + UInt64(image))
      counts.add(
        ImageCounts(
          prediction: prediction, truth: truth, classes: `case`.classes, ignoreIndex: 255,
          extras: .calibration,
          confidence: truth.values.map { _ in Float(random.next() >> 40) / 16_777_216 }))
    }
    let calibration = try #require(counts.calibration)
    #expect(abs(calibration.expectedError - expected["ECE", default: .nan]) < 1e-12)
    #expect(abs(calibration.maximumError - expected["MCE", default: .nan]) < 1e-12)
  }

  @Test(arguments: cases.filter { $0.cityscapes != nil })
  func cityscapesScripts(case: Case) throws {
    let expected = try #require(`case`.cityscapes)
    var counts = ImageCounts(classes: 34, extras: .instances)
    for (prediction, truth) in `case`.maps {
      var instances = truth
      let columns = (`case`.width + `case`.cell - 1) / `case`.cell
      for y in 0..<`case`.height {
        for x in 0..<`case`.width {
          let cell = y / `case`.cell * columns + x / `case`.cell
          if (24...33).contains(truth[x, y]) && cell % 5 != 4 {
            instances[x, y] = truth[x, y] * 1000 + UInt16(cell)
          }
        }
      }
      counts.add(
        ImageCounts(
          prediction: prediction, truth: truth, classes: 34, ignoreIndex: -1, extras: .instances,
          instances: instances))
    }
    let scores = CityscapesScores(counts.confusion, instances: counts.instances)
    let found = try JSONDecoder().decode(Street.self, from: Data(scores.json.text.utf8))
    #expect(found.confMatrix == expected.confMatrix)
    #expect(found.labels == expected.labels)
    for part: (Street) -> [String: Double?] in [
      \.priors, \.classScores, \.classInstScores, \.categoryScores, \.categoryInstScores,
    ] {
      let (found, expected) = (part(found), part(expected))
      #expect(found.keys.sorted() == expected.keys.sorted())
      for (name, value) in expected {
        let score = found[name] ?? nil
        #expect((score == nil) == (value == nil), "\(name)")
        #expect(abs((score ?? 0) - (value ?? 0)) < 1e-9, "\(name)")
      }
    }
    for part: (Street) -> Double in [
      \.averageScoreClasses, \.averageScoreInstClasses, \.averageScoreCategories,
      \.averageScoreInstCategories,
    ] {
      #expect(abs(part(found) - part(expected)) < 1e-9)
    }
  }
}
