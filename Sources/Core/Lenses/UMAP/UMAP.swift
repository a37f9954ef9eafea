import Foundation

/// Points laid out in a plane so that those that are near in their own space are near in it.
///
/// Uniform Manifold Approximation and Projection (McInnes, Healy and Melville, arXiv:1802.03426) with the defaults of
/// its authors' `umap-learn`: exact nearest neighbours make a ``FuzzyGraph``, and stochastic gradient descent with
/// negative samples (algorithm 5) moves the first two principal components until the plane's own memberships fit it.
/// The descent is one chain of steps on one thread: a seed gives the same layout with any number of threads.
public struct UMAP: Sendable, Equatable {
  /// Neighbours of a point, itself included, that the graph is made of.
  public var neighbours = 15
  /// How near points may lie in the plane.
  public var minimumDistance = 0.1
  /// The scale of the plane.
  public var spread = 1.0
  /// Points that each edge's end is pushed away from.
  public var negativeSamples = 5
  /// What the negative samples follow from.
  public var seed: UInt64 = 1

  /// UMAP with its authors' defaults.
  public init() {}

  /// Rounds of descent: 500, or 200 of more than 10 000 points.
  static func epochs(points: Int) -> Int { points > 10_000 ? 200 : 500 }

  /// The place of every point whose neighbours are given.
  ///
  /// - Parameter progress: told the share that is done, in (0, 1].
  public func layout(
    of points: PointSet, _ neighbours: NearestNeighbours, threads: Threads,
    progress: (Double) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws(Cancelled) -> [SIMD2<Float>] {
    precondition(
      neighbours.points == points.count,
      "neighbours of \(neighbours.points) points for \(points.count)")
    var random = SplitMix64(seed: seed)
    var places = Self.start(points, threads: threads, &random)
    guard points.count > 1 else { return places }
    let graph = FuzzyGraph(of: neighbours)
    let epochs = Self.epochs(points: points.count)
    let curve = UMAPCurve(minimumDistance: minimumDistance, spread: spread)
    var descent = Descent(
      graph.edges, epochs: epochs, curve, points: points.count, negativeSamples, random)
    for epoch in 0..<epochs {
      if isCancelled() { throw Cancelled() }
      descent.step(epoch, rate: 1 - Float(epoch) / Float(epochs), &places)
      progress(Double(epoch + 1) / Double(epochs))
    }
    return places
  }

  /// The first two principal components, each from 0 to 10, and a little noise that parts points in one place.
  private static func start(
    _ points: PointSet, threads: Threads, _ random: inout SplitMix64
  ) -> [SIMD2<Float>] {
    guard points.count > 0 else { return [] }
    let components = PrincipalComponents(of: points, count: 2, threads: threads)
    let coordinates = components.coordinates(of: points, threads: threads)
    let axes = components.components.count
    var places = (0..<points.count).map { point in
      SIMD2(coordinates[point * axes], axes > 1 ? coordinates[point * axes + 1] : 0)
    }
    for axis in 0..<2 {
      let values = places.map { $0[axis] }
      let (low, high) = (values.min() ?? 0, values.max() ?? 0)
      for point in places.indices {
        let share = high > low ? (places[point][axis] - low) / (high - low) : 0.5
        places[point][axis] = 10 * share + Float.random(in: -1e-3...1e-3, using: &random)
      }
    }
    return places
  }
}

/// The stochastic gradient descent: edges pull their ends together, each as often as its weight says, and push one end
/// away from points drawn at random.
private struct Descent {
  private let heads, tails: [Int32]
  /// Epochs between two turns of an edge, and the epoch of its next one.
  private let periods: [Float]
  private var next: [Float]
  private var nextNegative: [Float]
  private let a, b, negatives: Float
  private let points: Int
  private var random: SplitMix64

  /// No step moves a point by more than this times the rate, along each axis.
  private static let limit: Float = 4

  init(
    _ edges: [FuzzyGraph.Edge], epochs: Int, _ curve: UMAPCurve, points: Int, _ negatives: Int,
    _ random: SplitMix64
  ) {
    let peak = edges.map(\.weight).max() ?? 1
    // Edges whose turn would never come are left out.
    let used = edges.filter { $0.weight >= peak / Float(epochs) }
    heads = used.map(\.from)
    tails = used.map(\.to)
    periods = used.map { peak / $0.weight }
    next = periods
    self.negatives = Float(negatives)
    nextNegative = periods.map { $0 / Float(max(1, negatives)) }
    (a, b) = (Float(curve.a), Float(curve.b))
    self.points = points
    self.random = random
  }

  /// One epoch at learning rate `rate`.
  mutating func step(_ epoch: Int, rate: Float, _ places: inout [SIMD2<Float>]) {
    let epoch = Float(epoch)
    let limit = SIMD2(repeating: Self.limit)
    places.withUnsafeMutableBufferPointer { places in
      for edge in heads.indices where next[edge] <= epoch {
        let (head, tail) = (Int(heads[edge]), Int(tails[edge]))
        let apart = places[head] - places[tail]
        let square = (apart * apart).sum()
        if square > 0 {
          let power = pow(square, b)
          let pull = -2 * a * b * power / (square * (1 + a * power))
          let move = (pull * apart).clamped(lowerBound: -limit, upperBound: limit) * rate
          places[head] += move
          places[tail] -= move
        }
        next[edge] += periods[edge]
        guard negatives > 0 else { continue }
        let period = periods[edge] / negatives
        let count = max(0, Int((epoch - nextNegative[edge]) / period))
        for _ in 0..<count {
          let other = Int(random.next(upperBound: UInt64(points)))
          let apart = places[head] - places[other]
          let square = (apart * apart).sum()
          guard other != head, square > 0 else { continue }
          let push = 2 * b / ((0.001 + square) * (1 + a * pow(square, b)))
          places[head] +=
            (push * apart).clamped(lowerBound: -limit, upperBound: limit) * rate
        }
        nextNegative[edge] += Float(count) * period
      }
    }
  }
}
