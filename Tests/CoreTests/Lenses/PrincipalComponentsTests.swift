import TestSupport
import Testing

@testable import Core

@Suite("Principal components")
struct PrincipalComponentsTests {
  /// Points whose dimensions have very different spreads and lie far from 0.
  private func points(_ count: Int, _ dimensions: Int) -> PointSet {
    let values = RandomWeights.uniform("points", seed: 3, count: count * dimensions)
    return PointSet(
      dimensions: dimensions,
      values: values.enumerated().map { place, value in
        let c = place % dimensions
        // Neighbouring dimensions go together in part, so that no axis is a component.
        let shared = values[place / dimensions * dimensions]
        return Float(100 - c) + (value + shared) * Float(c + 1)
      })
  }

  /// Covariance as its definition says.
  private func covariance(_ points: PointSet) -> [[Double]] {
    let (n, d) = (points.count, points.dimensions)
    let mean = (0..<d).map { c in
      (0..<n).reduce(0.0) { $0 + Double(points.values[$1 * d + c]) } / Double(n)
    }
    return (0..<d).map { a in
      (0..<d).map { b in
        (0..<n).reduce(0.0) {
          $0 + (Double(points.values[$1 * d + a]) - mean[a])
            * (Double(points.values[$1 * d + b]) - mean[b])
        } / Double(max(1, n - 1))
      }
    }
  }

  @Test(
    "components are unit eigenvectors of the covariance, in order, with a positive peak",
    arguments: [(2, 1), (3, 5), (17, 4), (700, 33), (2500, 16)])
  func eigenvectors(_ size: (count: Int, dimensions: Int)) {
    let points = points(size.count, size.dimensions)
    let covariance = covariance(points)
    let trace = covariance.indices.reduce(0) { $0 + covariance[$1][$1] }
    let pca = PrincipalComponents(of: points, count: 3, threads: Threads(2))
    #expect(pca.components.count == min(3, size.dimensions))
    #expect(abs(pca.totalVariance - trace) < 1e-9 * trace)
    for (k, v) in pca.components.enumerated() {
      #expect(abs(v.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12)
      #expect((v.max { abs($0) < abs($1) } ?? 0) > 0)
      for (a, row) in covariance.enumerated() {
        let product = zip(row, v).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - pca.variances[k] * v[a]) < 1e-9 * trace)
      }
      if k > 0 { #expect(pca.variances[k] <= pca.variances[k - 1]) }
      #expect(abs(pca.shares[k] - max(0, pca.variances[k]) / trace) < 1e-9)
    }
    #expect(pca == PrincipalComponents(of: points, count: 3, threads: Threads(1)))
  }

  @Test("coordinates are products with the centred points")
  func coordinates() {
    let points = points(1100, 19)
    let pca = PrincipalComponents(of: points, count: 3, threads: Threads(2))
    let all = pca.coordinates(of: points, threads: Threads(2))
    #expect(all.count == 3 * points.count)
    for point in stride(from: 0, to: points.count, by: 37) {
      for (k, expected) in pca.coordinates(of: points[point]).enumerated() {
        #expect(abs(Double(all[3 * point + k]) - expected) < 1e-4)
      }
    }
    // The variance of the coordinates is the component's.
    let first = stride(from: 0, to: all.count, by: 3).map { Double(all[$0]) }
    let square = first.reduce(0) { $0 + $1 * $1 } / Double(points.count - 1)
    #expect(abs(square - pca.variances[0]) < 1e-5 * pca.variances[0])
  }

  @Test("points that are all one have shares of 0")
  func onePlace() {
    let points = PointSet(dimensions: 2, values: [1, 2, 1, 2, 1, 2])
    let pca = PrincipalComponents(of: points, count: 2, threads: Threads(1))
    #expect(pca.shares == [0, 0])
    #expect(pca.coordinates(of: points, threads: Threads(1)).allSatisfy { $0 == 0 })
  }
}
