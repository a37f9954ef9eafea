import Synchronization

/// The nearest neighbours of every point, itself the first, by Euclidean distance.
///
/// All pairs are looked at: float32 products of blocks find each point's candidates, and the distances of those are
/// taken again in double precision, in which they are put in order. Of equal distances the point of lower number is
/// nearer.
public struct NearestNeighbours: Sendable, Equatable {
  /// k: how many neighbours a point has, itself included.
  public let count: Int
  /// The points' numbers, k for each point, near to far.
  public let indices: [Int32]
  /// Their distances.
  public let distances: [Float]

  /// How many points there are.
  public var points: Int { indices.count / count }

  /// Candidates beyond k: what rounding may have put in a wrong order.
  private static let margin = 16
  /// Points that a product has on its left, and on its right.
  private static let queries = 112, keys = 512
  /// Products on the left that are made between two looks at `isCancelled`.
  private static let round = 16

  /// The `count` nearest of each point, all points where there are fewer.
  ///
  /// - Parameter progress: told the share that is done, in (0, 1].
  public init(
    of points: PointSet, count: Int, threads: Threads, progress: (Double) -> Void = { _ in },
    isCancelled: () -> Bool = { false }
  ) throws(Cancelled) {
    precondition(count > 0, "a point has at least one neighbour, itself, not \(count)")
    let n = points.count
    let k = min(count, n)
    self.count = k
    var indices = [Int32](repeating: 0, count: n * k)
    var distances = [Float](repeating: 0, count: n * k)
    let search = Search(points, threads: threads)
    let step = Self.queries * Self.round
    for start in stride(from: 0, to: n, by: step) {
      if isCancelled() { throw Cancelled() }
      let end = min(n, start + step)
      indices.withUnsafeMutableBufferPointer { indices in
        distances.withUnsafeMutableBufferPointer { distances in
          nonisolated(unsafe) let (indices, distances) = (indices, distances)
          threads.forEach(end - start, by: Self.queries) { block, _ in
            let range = (start + block.lowerBound)..<(start + block.upperBound)
            for (query, candidates) in zip(range, search.candidates(of: range, k + Self.margin)) {
              let nearest = candidates.map { (search.distance(query, Int($0)), $0) }.sorted {
                // Copies of a point are as near as itself.
                ($0.0, $0.1 == query ? -1 : $0.1) < ($1.0, $1.1 == query ? -1 : $1.1)
              }
              for (place, neighbour) in nearest.prefix(k).enumerated() {
                indices[query * k + place] = neighbour.1
                distances[query * k + place] = Float(neighbour.0)
              }
            }
          }
        }
      }
      progress(Double(end) / Double(n))
    }
    self.indices = indices
    self.distances = distances
  }

  /// The points about their mean, packed for products.
  private struct Search: @unchecked Sendable {
    let n, d: Int
    let centred: [Float]
    /// Half the squared length of each point.
    let halves: [Float]
    private let tiles: [PackedTile]
    private let kernels = Kernels.current

    private struct PackedTile {
      let keys: Range<Int>
      let panels: Arena
      let base: UnsafeMutablePointer<Float>
    }

    init(_ points: PointSet, threads: Threads) {
      (n, d) = (points.count, points.dimensions)
      let (n, d, kernels) = (n, d, kernels)
      // Products of vectors that are far from 0 would lose the digits in which they differ.
      var mean = [Double](repeating: 0, count: d)
      for (place, value) in points.values.enumerated() { mean[place % d] += Double(value) }
      for c in 0..<d { mean[c] /= Double(max(1, n)) }
      var centred = points.values
      for place in centred.indices { centred[place] -= Float(mean[place % d]) }
      halves = (0..<n).map { point in
        centred[(point * d)..<((point + 1) * d)].reduce(0) { $0 + $1 * $1 } / 2
      }
      tiles = centred.withUnsafeBufferPointer { centred in
        guard let base = centred.baseAddress else { return [] }
        let tiles = stride(from: 0, to: n, by: NearestNeighbours.keys).map { start in
          let keys = start..<min(n, start + NearestNeighbours.keys)
          let arena = Arena()
          return PackedTile(
            keys: keys, panels: arena, base: arena.reserve(d * kernels.padded(keys.count)))
        }
        nonisolated(unsafe) let (shared, points) = (tiles, base)
        threads.forEach(tiles.count) { index, _ in
          let tile = shared[index]
          kernels.packTransposed(
            PixelVectors(base: points + tile.keys.lowerBound * d, stride: d), depth: d,
            columns: tile.keys.count, into: tile.base)
        }
        return tiles
      }
      self.centred = centred
    }

    /// The points that are nearest to each of `queries` as far as float32 can tell, `count` or all.
    func candidates(of queries: Range<Int>, _ count: Int) -> [[Int32]] {
      let count = min(count, n)
      let width = kernels.padded(NearestNeighbours.keys)
      let room = (queries.count + kernels.rows) * Kernels.row
      let scratch = Arena()
      let rows = scratch.reserve(room + queries.count * width)
      let scores = rows + room
      var lists = [CandidateList](
        repeating: CandidateList(capacity: count), count: queries.count)
      centred.withUnsafeBufferPointer { centred in
        halves.withUnsafeBufferPointer { halves in
          guard let base = centred.baseAddress else { return }
          for tile in tiles {
            kernels.multiply(
              PixelVectors(base: base + queries.lowerBound * d, stride: d), queries.count,
              depth: d, tile.base, columns: tile.keys.count, rows: rows,
              into: PixelVectors(base: scores, stride: width), isPadded: true)
            for query in 0..<queries.count {
              lists[query].add(
                scores + query * width, halves: halves, of: tile.keys)
            }
          }
        }
      }
      withExtendedLifetime(scratch) {}
      return lists.map(\.indices)
    }

    /// The distance of two points.
    func distance(_ a: Int, _ b: Int) -> Double {
      centred.withUnsafeBufferPointer { centred in
        var sum = 0.0
        for c in 0..<d {
          let difference = Double(centred[a * d + c]) - Double(centred[b * d + c])
          sum += difference * difference
        }
        return sum.squareRoot()
      }
    }
  }
}

/// The nearest points so far of one query, near to far.
private struct CandidateList {
  private(set) var indices: [Int32] = []
  private var keys: [Float] = []
  private let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    indices.reserveCapacity(capacity + 1)
    keys.reserveCapacity(capacity + 1)
  }

  /// Takes those of a tile that are nearer than the farthest here: |q − x|² = |q|² + 2 · (|x|²/2 − ⟨q, x⟩).
  mutating func add(
    _ products: UnsafePointer<Float>, halves: UnsafeBufferPointer<Float>, of tile: Range<Int>
  ) {
    var limit = keys.count < capacity ? Float.infinity : keys[keys.count - 1]
    for (place, point) in tile.enumerated() {
      let key = halves[point] - products[place]
      guard key < limit || keys.count < capacity else { continue }
      var slot = keys.count
      while slot > 0 && keys[slot - 1] > key { slot -= 1 }
      keys.insert(key, at: slot)
      indices.insert(Int32(point), at: slot)
      if keys.count > capacity {
        keys.removeLast()
        indices.removeLast()
      }
      if keys.count == capacity { limit = keys[capacity - 1] }
    }
  }
}
