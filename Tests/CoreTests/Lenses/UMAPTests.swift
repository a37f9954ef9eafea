import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("UMAP")
struct UMAPTests {
  /// What `Goldens/lenses/make_umap.py` wrote.
  private struct Golden: Decodable {
    let dimensions, neighbours: Int
    let points, distances, sigmas, rhos, weights: [Float]
    let from, to: [Int32]
    let curves: [String: [Double]]

    static func read() throws -> Golden {
      let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Goldens/lenses/umap.json")
      return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    }

    var set: PointSet { PointSet(dimensions: dimensions, values: points) }
  }

  /// Clusters of `count` points about corners that lie `distance` apart.
  private func clusters(_ clusters: Int, of count: Int, dimensions: Int, distance: Float)
    -> PointSet
  {
    let noise = RandomWeights.uniform("clusters", seed: 5, count: clusters * count * dimensions)
    return PointSet(
      dimensions: dimensions,
      values: noise.enumerated().map { place, value in
        let cluster = place / dimensions / count
        return value + (place % dimensions == cluster ? distance : 0)
      })
  }

  @Test(
    "neighbours are those of the distances themselves",
    arguments: [(1, 3, 1), (5, 4, 9), (113, 7, 15), (700, 3, 15), (1200, 33, 4)])
  func neighbours(_ size: (count: Int, dimensions: Int, k: Int)) throws {
    var values = RandomWeights.uniform("knn", seed: 2, count: size.count * size.dimensions)
    // Far from 0, and a few in one place.
    for place in values.indices { values[place] += 50 }
    for c in 0..<size.dimensions where size.count > 4 {
      values[3 * size.dimensions + c] = values[c]
    }
    let points = PointSet(dimensions: size.dimensions, values: values)
    let found = try NearestNeighbours(of: points, count: size.k, threads: Threads(2))
    #expect(found.count == min(size.k, size.count))
    for query in stride(from: 0, to: size.count, by: 1 + size.count / 50) {
      let distances = (0..<size.count).map { other in
        zip(points[query], points[other]).reduce(0.0) {
          $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
        }.squareRoot()
      }
      let range = (query * found.count)..<((query + 1) * found.count)
      #expect(Int(found.indices[range.lowerBound]) == query)
      #expect(Set(found.indices[range]).count == found.count)
      for (expected, place) in zip(distances.sorted(), range) {
        #expect(abs(Double(found.distances[place]) - expected) < 1e-4)
        #expect(abs(distances[Int(found.indices[place])] - expected) < 1e-4)
      }
    }
    #expect(try found == NearestNeighbours(of: points, count: size.k, threads: Threads(1)))
  }

  @Test("distances, ρ, σ and memberships are umap-learn's")
  func graph() throws {
    let golden = try Golden.read()
    let neighbours = try NearestNeighbours(
      of: golden.set, count: golden.neighbours, threads: Threads(2))
    #expect(disagreement(neighbours.distances, golden.distances) < 1e-5)
    let graph = FuzzyGraph(of: neighbours)
    // Its bisection ends at 1e-5 of the sum, in single precision.
    #expect(disagreement(graph.offsets, golden.rhos) < 1e-5)
    #expect(disagreement(graph.scales, golden.sigmas) < 1e-4)
    #expect(graph.edges.map(\.from) == golden.from)
    #expect(graph.edges.map(\.to) == golden.to)
    #expect(disagreement(graph.edges.map(\.weight), golden.weights) < 1e-4)
  }

  @Test("the sum of memberships before the union is log₂ k, and edges are the same both ways")
  func memberships() throws {
    let points = clusters(3, of: 60, dimensions: 5, distance: 4)
    let neighbours = try NearestNeighbours(of: points, count: 12, threads: Threads(1))
    let graph = FuzzyGraph(of: neighbours)
    for point in 0..<points.count {
      let distances = neighbours.distances[(point * 12 + 1)..<(point * 12 + 12)]
      let sum = distances.reduce(0.0) {
        $0 + exp(-Double(max(0, $1 - graph.offsets[point]) / graph.scales[point]))
      }
      #expect(abs(sum - log2(12)) < 1e-4)
    }
    let weights = Dictionary(
      uniqueKeysWithValues: graph.edges.map { ([$0.from, $0.to], $0.weight) })
    for edge in graph.edges {
      #expect(weights[[edge.to, edge.from]] == edge.weight)
      #expect(edge.from != edge.to && 0 < edge.weight && edge.weight <= 1)
    }
  }

  @Test("a and b are those of umap-learn's fit")
  func curve() throws {
    for (distance, expected) in try Golden.read().curves {
      let curve = UMAPCurve(minimumDistance: try #require(Double(distance)), spread: 1)
      #expect(abs(curve.a - expected[0]) < 1e-5 * expected[0], "\(distance)")
      #expect(abs(curve.b - expected[1]) < 1e-5 * expected[1], "\(distance)")
    }
  }

  /// Venna and Kaski's trustworthiness: 1 where all neighbours in the plane are neighbours in their space.
  private func trustworthiness(_ points: PointSet, _ places: [SIMD2<Float>], k: Int) -> Double {
    let n = points.count
    var penalty = 0
    for query in 0..<n {
      let inSpace = (0..<n).filter { $0 != query }.map { other in
        (
          zip(points[query], points[other]).reduce(Float(0)) {
            $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
          }, other
        )
      }.sorted { $0 < $1 }
      let rank = Dictionary(
        uniqueKeysWithValues: inSpace.enumerated().map { ($0.element.1, $0.offset + 1) })
      let inPlane = (0..<n).filter { $0 != query }.map { other in
        let apart = places[query] - places[other]
        return ((apart * apart).sum(), other)
      }.sorted { $0 < $1 }
      for (_, other) in inPlane.prefix(k) { penalty += max(0, (rank[other] ?? 0) - k) }
    }
    return 1 - 2 * Double(penalty) / Double(n * k * (2 * n - 3 * k - 1))
  }

  @Test("clusters stay apart, and neighbours in the plane are neighbours in space")
  func layout() throws {
    let points = clusters(4, of: 80, dimensions: 8, distance: 6)
    let neighbours = try NearestNeighbours(of: points, count: 15, threads: Threads(2))
    let places = try UMAP().layout(of: points, neighbours, threads: Threads(2))
    #expect(places.allSatisfy { $0.x.isFinite && $0.y.isFinite })
    // umap-learn reaches 0.93 on such points.
    #expect(trustworthiness(points, places, k: 10) > 0.9)
    let centres = (0..<4).map { cluster in
      places[(cluster * 80)..<((cluster + 1) * 80)].reduce(.zero, +) / 80
    }
    for (point, place) in places.enumerated() {
      let nearest = centres.indices.min {
        ((centres[$0] - place) * (centres[$0] - place)).sum()
          < ((centres[$1] - place) * (centres[$1] - place)).sum()
      }
      #expect(nearest == point / 80)
    }
  }

  @Test("a seed gives one layout with any number of threads, and another seed another")
  func determinism() throws {
    let points = clusters(2, of: 50, dimensions: 6, distance: 3)
    func layout(threads: Int, seed: UInt64) throws -> [SIMD2<Float>] {
      let neighbours = try NearestNeighbours(of: points, count: 15, threads: Threads(threads))
      var umap = UMAP()
      umap.seed = seed
      return try umap.layout(of: points, neighbours, threads: Threads(threads))
    }
    let first = try layout(threads: 1, seed: 1)
    #expect(try first == layout(threads: 3, seed: 1))
    #expect(try first != layout(threads: 1, seed: 2))
  }

  @Test("few points, copies of one point, and cancelling")
  func edges() throws {
    for points in [
      PointSet(dimensions: 3, values: [1, 2, 3]), PointSet(dimensions: 1, values: [1, 2]),
      PointSet(dimensions: 2, values: Array(repeating: 0.5, count: 40)),
    ] {
      let neighbours = try NearestNeighbours(of: points, count: 15, threads: Threads(1))
      let places = try UMAP().layout(of: points, neighbours, threads: Threads(1))
      #expect(places.count == points.count)
      #expect(places.allSatisfy { $0.x.isFinite && $0.y.isFinite })
    }
    let points = clusters(2, of: 30, dimensions: 3, distance: 3)
    #expect(throws: Cancelled.self) {
      try NearestNeighbours(of: points, count: 5, threads: Threads(1), isCancelled: { true })
    }
    let neighbours = try NearestNeighbours(of: points, count: 5, threads: Threads(1))
    var looks = 0
    #expect(throws: Cancelled.self) {
      try UMAP().layout(
        of: points, neighbours, threads: Threads(1),
        isCancelled: {
          looks += 1
          return looks > 20
        })
    }
    #expect(looks == 21)
  }
}
