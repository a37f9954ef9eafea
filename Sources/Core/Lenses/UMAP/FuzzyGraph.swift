import Foundation

/// UMAP's fuzzy simplicial set: how surely any two points belong together, judged by either one's own scale.
///
/// McInnes, Healy and Melville: UMAP (arXiv:1802.03426), §3.1 and algorithms 2 and 3.
public struct FuzzyGraph: Sendable, Equatable {
  /// Two points and the membership of their edge, in (0, 1].
  public struct Edge: Sendable, Equatable {
    /// The points' numbers.
    public let from, to: Int32
    /// w = a + b − a·b of both directions' memberships.
    public let weight: Float
  }

  /// Both directions of each edge, in order of the points.
  public let edges: [Edge]
  /// ρ of each point: the distance of the nearest neighbour that is not in the same place.
  public let offsets: [Float]
  /// σ of each point.
  public let scales: [Float]

  /// The graph of all points' neighbours.
  public init(of neighbours: NearestNeighbours) {
    let (n, k) = (neighbours.points, neighbours.count)
    let all = neighbours.distances
    let mean = all.reduce(0.0) { $0 + Double($1) } / Double(max(1, all.count))
    var offsets = [Float](repeating: 0, count: n)
    var scales = offsets
    // Where each point's edges begin, and the memberships in the neighbours' order.
    var memberships = [Float](repeating: 0, count: n * k)
    for point in 0..<n {
      let range = (point * k)..<((point + 1) * k)
      let distances = all[range].map(Double.init)
      let offset = distances.first { $0 > 0 } ?? 0
      let scale = Self.scale(distances, offset: offset, overallMean: mean)
      (offsets[point], scales[point]) = (Float(offset), Float(scale))
      for place in range where Int(neighbours.indices[place]) != point {
        let beyond = Double(all[place]) - offset
        memberships[place] = beyond <= 0 || scale == 0 ? 1 : Float(exp(-beyond / scale))
      }
    }
    var weights = [[Int32: Float]](repeating: [:], count: n)
    for place in memberships.indices where memberships[place] > 0 {
      weights[place / k][neighbours.indices[place]] = memberships[place]
    }
    // An edge that one direction alone has is worth what that one has: a + 0 − a·0.
    for place in memberships.indices where memberships[place] > 0 {
      let (from, to) = (Int32(place / k), neighbours.indices[place])
      if weights[Int(to)][from] == nil { weights[Int(to)][from] = 0 }
    }
    edges = (0..<n).flatMap { point in
      weights[point].sorted { $0.key < $1.key }.map { other, there in
        let back = weights[Int(other)][Int32(point)] ?? 0
        return Edge(
          from: Int32(point), to: other, weight: there + back - there * back)
      }
    }
    self.offsets = offsets
    self.scales = scales
  }

  /// σ such that Σ_j exp(−max(0, d_j − ρ)/σ) = log₂ k over the neighbours but the point itself (algorithm 3).
  ///
  /// By bisection; not less than a thousandth of the point's mean distance, or of all points' where ρ is 0.
  static func scale(_ distances: [Double], offset: Double, overallMean: Double) -> Double {
    let target = log2(Double(distances.count))
    var (low, scale, high) = (0.0, 1.0, Double.infinity)
    for _ in 0..<64 {
      let sum = distances.dropFirst().reduce(0) { $0 + exp(-max(0, $1 - offset) / scale) }
      if abs(sum - target) < 1e-5 { break }
      if sum > target {
        high = scale
        scale = (low + high) / 2
      } else {
        low = scale
        scale = high == .infinity ? 2 * scale : (low + high) / 2
      }
    }
    let mean = distances.reduce(0, +) / Double(distances.count)
    return max(scale, 1e-3 * (offset > 0 ? mean : overallMean))
  }
}
