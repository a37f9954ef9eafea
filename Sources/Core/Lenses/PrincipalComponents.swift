/// The directions in which points differ most: the eigenvectors of their covariance with the largest eigenvalues.
///
/// Sums, products and the decomposition are in double precision. The sign of a component, which the definition leaves
/// open, is such that its loading of largest magnitude is positive.
public struct PrincipalComponents: Sendable, Equatable {
  /// The mean of the points, D values.
  public let mean: [Double]
  /// Unit vectors of D values, the one of the largest variance first.
  public let components: [[Double]]
  /// The variance of the points along each component, divided by n − 1.
  public let variances: [Double]
  /// The variance along all D directions together.
  public let totalVariance: Double

  /// The share of the whole variance along each component, in [0, 1]; 0 where all points are one.
  public var shares: [Double] {
    variances.map { totalVariance > 0 ? max(0, $0) / totalVariance : 0 }
  }

  /// Rows that are centred and multiplied at a time, and the most sums that are made side by side.
  private static let block = 256, groups = 8

  /// The first `count` components of at least one point, as many as there are dimensions at most.
  ///
  /// Points that are not finite count for nothing; where there are no others, no direction has any variance.
  public init(of points: PointSet, count: Int, threads: Threads) {
    self = points.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { preconditionFailure("no points") }
      return PrincipalComponents(
        of: (0..<points.count).map { base + $0 * points.dimensions },
        dimensions: points.dimensions, count: count, threads: threads)
    }
  }

  /// The same of the points at these places in memory.
  init(of rows: [UnsafePointer<Float>], dimensions d: Int, count: Int, threads: Threads) {
    precondition(!rows.isEmpty, "no points have no components")
    nonisolated(unsafe) let rows = rows.filter { row in (0..<d).allSatisfy { row[$0].isFinite } }
    // The groups depend on the points alone, and so do the sums, to the last bit.
    let groups = max(1, min(Self.groups, (rows.count + Self.block - 1) / Self.block))
    let size = max(1, (rows.count + groups - 1) / groups)
    func each<Sum>(_ empty: Sum, _ add: (Range<Int>, inout Sum) -> Void) -> [Sum] {
      var sums = [Sum](repeating: empty, count: groups)
      sums.withUnsafeMutableBufferPointer { sums in
        nonisolated(unsafe) let sums = sums
        threads.forEach(rows.count, by: size) { range, _ in
          add(range, &sums[range.lowerBound / size])
        }
      }
      return sums
    }
    let sums = each([Double](repeating: 0, count: d)) { range, sum in
      for row in rows[range] { for c in 0..<d { sum[c] += Double(row[c]) } }
    }
    let mean = (0..<d).map { c in sums.reduce(0) { $0 + $1[c] } / Double(max(1, rows.count)) }
    let squares = each(SymmetricMatrix(order: d)) { range, square in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.block * d) { centred in
        guard let base = centred.baseAddress else { return }
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.block) {
          let block = start..<min(range.upperBound, start + Self.block)
          for (place, row) in rows[block].enumerated() {
            for c in 0..<d { base[place * d + c] = Double(row[c]) - mean[c] }
          }
          square.addSquare(base, count: block.count)
        }
      }
    }
    var covariance = squares[0]
    for square in squares.dropFirst() { covariance.add(square) }
    covariance.scale(by: 1 / Double(max(1, rows.count - 1)))
    let eigen = covariance.eigen().prefix(count)
    self.mean = mean
    components = eigen.map(\.vector)
    variances = eigen.map(\.value)
    totalVariance = covariance.trace
  }

  /// Where a point stands along each component, from the mean on.
  public func coordinates(of point: some Collection<Float>) -> [Double] {
    precondition(
      point.count == mean.count, "a point of \(point.count) values, components of \(mean.count)")
    let centred = zip(point, mean).map { Double($0) - $1 }
    return components.map { component in
      zip(component, centred).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// The same of many points, one after the other.
  public func coordinates(of points: PointSet, threads: Threads) -> [Float] {
    points.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return [] }
      precondition(
        points.dimensions == mean.count,
        "points of \(points.dimensions) values, components of \(mean.count)")
      return coordinates(of: base, rows: points.count, threads: threads)
    }
  }

  /// The same of `rows` points one after the other in memory.
  func coordinates(of points: UnsafePointer<Float>, rows: Int, threads: Threads) -> [Float] {
    let (d, count) = (mean.count, components.count)
    return [Float](unsafeUninitializedCapacity: rows * count) { output, filled in
      nonisolated(unsafe) let (output, points) = (output, points)
      mean.withUnsafeBufferPointer { mean in
        threads.forEach(rows, by: 512) { range, _ in
          for (k, component) in components.enumerated() {
            component.withUnsafeBufferPointer { component in
              for row in range {
                let point = points + row * d
                var sum = SIMD8<Double>.zero
                var c = 0
                while c + 8 <= d {
                  for lane in 0..<8 {
                    sum[lane] += (Double(point[c + lane]) - mean[c + lane]) * component[c + lane]
                  }
                  c += 8
                }
                var rest = 0.0
                while c < d {
                  rest += (Double(point[c]) - mean[c]) * component[c]
                  c += 1
                }
                output[row * count + k] = Float(sum.sum() + rest)
              }
            }
          }
        }
      }
      filled = rows * count
    }
  }
}
