/// Features of pixels of several classes, laid out in a plane to look at, as in the paper's figure 4.
public struct FeatureLayout: Sendable, Equatable {
  /// How the plane is found.
  public enum Method: String, Sendable, CaseIterable {
    /// Uniform manifold approximation: neighbours stay neighbours.
    case umap
    /// The first two principal components: a view without any bending.
    case pca
  }

  /// Where each point stands.
  public let places: [SIMD2<Float>]
  /// The share of each point's 14 nearest neighbours, in the features' own space, that are of its class: the mean over the
  /// points of each class, in the order of the classes; NaN for a class without points.
  public let agreement: [Double]

  /// Neighbours of a point, itself included, that UMAP and the agreement look at.
  private static let neighbours = 15

  /// A layout that is known.
  init(places: [SIMD2<Float>], agreement: [Double]) {
    self.places = places
    self.agreement = agreement
  }

  /// A layout of `points`, whose classes are numbered 0 ..< `classCount` in `classes`.
  ///
  /// - Parameter progress: told the share that is done, in (0, 1].
  public init(
    of points: PointSet, classes: [Int], classCount: Int, method: Method, seed: UInt64,
    threads: Threads, progress: (Double) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws(Cancelled) {
    precondition(
      classes.count == points.count, "\(classes.count) classes of \(points.count) points")
    // The search takes a part of the time that depends on the number of points; half of it will do for a bar.
    let searching = method == .umap ? 0.3 : 1
    let neighbours = try NearestNeighbours(
      of: points, count: Self.neighbours, threads: threads, progress: { progress($0 * searching) },
      isCancelled: isCancelled)
    agreement = Self.agreement(neighbours, classes, classCount)
    switch method {
    case .umap:
      var umap = UMAP()
      umap.neighbours = Self.neighbours
      umap.seed = seed
      places = try umap.layout(
        of: points, neighbours, threads: threads,
        progress: { progress(searching + (1 - searching) * $0) }, isCancelled: isCancelled)
    case .pca:
      guard points.count > 0 else {
        places = []
        return
      }
      let components = PrincipalComponents(of: points, count: 2, threads: threads)
      let axes = components.components.count
      let coordinates = components.coordinates(of: points, threads: threads)
      places = (0..<points.count).map { point in
        SIMD2(coordinates[point * axes], axes > 1 ? coordinates[point * axes + 1] : 0)
      }
    }
  }

  private static func agreement(
    _ neighbours: NearestNeighbours, _ classes: [Int], _ classCount: Int
  ) -> [Double] {
    var same = [Int](repeating: 0, count: classCount)
    var all = same
    for (point, own) in classes.enumerated() {
      for place in 1..<max(1, neighbours.count) {
        let other = Int(neighbours.indices[point * neighbours.count + place])
        all[own] += 1
        if classes[other] == own { same[own] += 1 }
      }
    }
    return zip(same, all).map { Double($0) / Double($1) }
  }
}
