import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Feature map")
struct FeatureMapTests {
  /// A grid of 5×7 that stands for 33×65 pixels, of which a picture of 61×30 takes the upper left.
  private static func map(_ dimensions: Int) -> (map: FeatureMap, resized: Tensor) {
    let features = Tensor.random(Shape(h: 5, w: 7, c: dimensions), "features \(dimensions)")
    let map = FeatureMap(
      features, frame: InputFrame(width: 65, height: 33), width: 61, height: 30, threads: Threads(2)
    )
    return (map, Resize(height: 33, width: 65)(features))
  }

  @Test("a pixel's vector is that of the resized features", arguments: [1, 15, 16, 17, 96])
  func vectors(dimensions: Int) {
    let (map, resized) = Self.map(dimensions)
    for (x, y) in [(0, 0), (60, 29), (13, 7), (31, 22)] {
      let expected = (0..<dimensions).map { resized[0, y, x, $0] }
      #expect(disagreement(map.vector(x: x, y: y), expected) < operationTolerance)
    }
  }

  @Test("under half-pixel centres, too")
  func centredVectors() {
    let features = Tensor.random(Shape(h: 5, w: 7, c: 17), "features")
    let map = FeatureMap(
      features, frame: InputFrame(width: 28, height: 19, rule: .centred), width: 28, height: 19,
      threads: Threads(2))
    let resized = Resize(height: 19, width: 28, rule: .centred)(features)
    for (x, y) in [(0, 0), (27, 18), (13, 7), (2, 16)] {
      let expected = (0..<17).map { resized[0, y, x, $0] }
      #expect(disagreement(map.vector(x: x, y: y), expected) < operationTolerance)
    }
    #expect(map.cellsInside == (5, 7))
  }

  @Test("a region's mean is the mean of its pixels' vectors")
  func means() {
    let (map, _) = Self.map(17)
    for region in [
      PixelRegion(x: 0..<61, y: 0..<30), PixelRegion(x: 5..<6, y: 7..<29),
      PixelRegion(from: (40, 20), to: (12, 3)),
    ] {
      var sum = [Double](repeating: 0, count: 17)
      for y in region.y {
        for x in region.x {
          for (c, value) in map.vector(x: x, y: y).enumerated() { sum[c] += Double(value) }
        }
      }
      let mean = sum.map { Float($0 / Double(region.x.count * region.y.count)) }
      #expect(disagreement(map.mean(over: region), mean) < operationTolerance)
    }
  }

  @Test("cosines are those of the definition", arguments: [1, 15, 16, 17, 31, 32, 33, 96])
  func cosines(dimensions: Int) {
    let (map, _) = Self.map(dimensions)
    let vector = Tensor.random(Shape(h: 1, w: 1, c: dimensions), "probe").values
    let cosines = map.cosines(with: vector, threads: Threads(2))
    func norm(_ v: [Float]) -> Double { v.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }
    for y in 0..<5 {
      for x in 0..<7 {
        let cell = (0..<dimensions).map { map.features[0, y, x, $0] }
        let product = zip(cell, vector).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        let expected = product / (norm(cell) * norm(vector))
        #expect(abs(Double(cosines[0, y, x, 0]) - expected) < Double(operationTolerance))
      }
    }
  }

  @Test("a feature is itself; nothing is similar to zeros")
  func extremes() {
    let (map, _) = Self.map(33)
    // Grid points of aligned corners: pixel 0 is cell 0.
    #expect(
      abs(map.cosines(with: map.vector(x: 0, y: 0), threads: Threads(1)).values[0] - 1) < 1e-6)
    let zeros = [Float](repeating: 0, count: 33)
    #expect(map.similarity(to: zeros, threads: Threads(1)).allSatisfy { $0 == 0 })
  }

  @Test("the nearest token has the largest resized cosine")
  func nearest() {
    let (map, _) = Self.map(19)
    let tokens = (0..<5).map { Tensor.random(Shape(h: 1, w: 1, c: 19), "token \($0)").values }
    let similarities = tokens.map { map.similarity(to: $0, threads: Threads(1)) }
    for (x, y) in [(0, 0), (60, 29), (13, 7)] {
      #expect(
        abs(map.similarity(to: tokens[0], x: x, y: y) - similarities[0][y * 61 + x]) < 1e-6)
    }
    let labels = map.nearestTokens(
      ClassTokens(
        names: ["a", "b", "c", "d", "e"], width: 19, weights: tokens.flatMap { $0 },
        bias: [0, 0, 0, 0, 0]), threads: Threads(2))
    for pixel in labels.values.indices {
      let best = similarities.indices.max {
        (similarities[$0][pixel], $1) < (similarities[$1][pixel], $0)
      }
      #expect(Int(labels.values[pixel]) == best)
    }
  }
}
