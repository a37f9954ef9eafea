import TestSupport
import Testing

@testable import Core

/// Distances to contours, Boundary IoU and the bands, against loops over all pairs of pixels.
@Suite("Contours")
struct ContourTests {
  private static func map(_ width: Int, _ height: Int, labels: Int, sparse: UInt64, seed: UInt64)
    -> LabelMap
  {
    var random = SeededRandom(seed: seed)
    return LabelMap(
      width: width, height: height,
      values: (0..<(width * height)).map { _ in
        random.next() % sparse == 0 ? UInt16(random.next() % UInt64(labels)) : 0
      })
  }

  /// The specification: the least chessboard distance to a pixel of another value.
  private static func naive(_ map: LabelMap, frameIsContour: Bool) -> [UInt16] {
    var distances: [UInt16] = []
    for y in 0..<map.height {
      for x in 0..<map.width {
        var least =
          frameIsContour
          ? min(x + 1, y + 1, map.width - x, map.height - y) : Int(UInt16.max)
        for v in 0..<map.height {
          for u in 0..<map.width where map[u, v] != map[x, y] {
            least = min(least, max(abs(u - x), abs(v - y)))
          }
        }
        distances.append(UInt16(least))
      }
    }
    return distances
  }

  @Test(
    arguments: [(1, 1), (1, 7), (7, 1), (2, 2), (2, 5), (3, 3), (15, 16), (17, 13), (31, 37)],
    [UInt64(1), 3, 40, 400])
  func distancesAgree(size: (Int, Int), sparse: UInt64) {
    for (frameIsContour, labels) in [(true, 2), (false, 2), (true, 5), (false, 5)] {
      let map = Self.map(size.0, size.1, labels: labels, sparse: sparse, seed: sparse)
      #expect(
        map.contourDistance(frameIsContour: frameIsContour)
          == Self.naive(map, frameIsContour: frameIsContour))
    }
  }

  @Test func emptyMapHasNoDistances() {
    let map = LabelMap(width: 0, height: 0, values: [])
    #expect(map.contourDistance(frameIsContour: true).isEmpty)
    #expect(map.contourDistance(frameIsContour: false).isEmpty)
  }

  /// A rectangle and the same one moved by 1 column and 2 rows, as the authors' code scores them.
  @Test func movedRectangle() throws {
    func map(_ x: Int, _ y: Int) -> LabelMap {
      var map = LabelMap(width: 80, height: 60, values: [UInt16](repeating: 0, count: 4800))
      for v in (10 + y)..<(40 + y) {
        for u in (20 + x)..<(60 + x) { map[u, v] = 1 }
      }
      return map
    }
    #expect(BoundaryCounts.distance(width: 80, height: 60, ratio: 0.02) == 2)
    let counts = ImageCounts(
      prediction: map(1, 2), truth: map(0, 0), classes: 2, ignoreIndex: 255, extras: .boundary)
    let boundary = try #require(counts.boundary)
    #expect(boundary.intersection(1) + boundary.union(1) == 2 * 264)
    #expect((boundary.iou(1) * 1e7).rounded() == 1_282_051)
    #expect((counts.confusion.iou(1) * 1e7).rounded() == 8_348_624)
    #expect(boundary.meanLeastIoU(with: counts.confusion) == boundary.meanIoU)
    #expect(boundary.meanIoU == (boundary.iou(0) + boundary.iou(1)) / 2)
  }

  @Test(arguments: [
    (2048, 1024, 0.02, 46), (2048, 1024, 0.005, 11), (1, 1, 0.02, 1), (300, 400, 0.005, 2),
  ])
  func widthsOfBands(width: Int, height: Int, ratio: Double, d: Int) {
    #expect(BoundaryCounts.distance(width: width, height: height, ratio: ratio) == d)
  }

  @Test(arguments: [(23, 19), (1, 40), (70, 9)])
  func boundaryAgreesWithItsDefinition(width: Int, height: Int) throws {
    let truth = Self.map(width, height, labels: 4, sparse: 9, seed: 2)
    let prediction = Self.map(width, height, labels: 5, sparse: 9, seed: 3)
    let counts = ImageCounts(
      prediction: prediction, truth: truth, classes: 3, ignoreIndex: 2, extras: .boundary)
    let boundary = try #require(counts.boundary)
    let d = BoundaryCounts.distance(width: width, height: height, ratio: 0.02)
    let (toTruth, toPrediction) = (
      Self.naive(truth, frameIsContour: true), Self.naive(prediction, frameIsContour: true)
    )
    for k in 0..<3 {
      let pixels = truth.values.indices.filter { truth.values[$0] != 2 }
      let inTruth = Set(pixels.filter { truth.values[$0] == k && toTruth[$0] <= d })
      let inPrediction = Set(pixels.filter { prediction.values[$0] == k && toPrediction[$0] <= d })
      #expect(boundary.intersection(k) == inTruth.intersection(inPrediction).count)
      #expect(boundary.union(k) == inTruth.union(inPrediction).count)
    }
  }

  @Test func bandsAgreeWithTheirDefinition() throws {
    let truth = Self.map(83, 47, labels: 5, sparse: 300, seed: 5)
    let prediction = Self.map(83, 47, labels: 4, sparse: 3, seed: 6)
    let counts = ImageCounts(
      prediction: prediction, truth: truth, classes: 3, ignoreIndex: 1, extras: .bands)
    let bands = try #require(counts.bands)
    let distance = Self.naive(truth, frameIsContour: false)
    for (band, radius) in BandCounts.radii.enumerated() {
      let pixels = truth.values.indices.filter {
        truth.values[$0] != 1 && Int(distance[$0]) <= radius
      }
      for k in 0..<3 {
        #expect(
          bands.intersection(k, band: band)
            == pixels.count { truth.values[$0] == k && prediction.values[$0] == k })
        #expect(bands.truth(k, band: band) == pixels.count { truth.values[$0] == k })
        #expect(bands.predicted(k, band: band) == pixels.count { prediction.values[$0] == k })
      }
    }
    #expect(bands.iou(1, band: 5) == 0 && bands.meanIoU(band: 5) > 0)
  }

  @Test func mapWithoutContourHasNoBand() throws {
    let map = LabelMap(width: 9, height: 9, values: [UInt16](repeating: 1, count: 81))
    let counts = ImageCounts(
      prediction: map, truth: map, classes: 2, ignoreIndex: 255, extras: [.bands, .boundary])
    #expect(try #require(counts.bands).meanIoU(band: 5).isNaN)
    // The frame counts for Boundary IoU.
    #expect(try #require(counts.boundary).union(1) == 81 - 49)
  }
}
