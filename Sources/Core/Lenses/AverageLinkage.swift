/// Agglomerative clustering with average linkage (UPGMA, Sokal and Michener 1958).
///
/// Every item begins as a cluster; the two whose members are nearest on average are joined until one is left. Of equal
/// distances, that of the clusters with the lowest members comes first.
struct AverageLinkage {
  /// The items from left to right: of two clusters that are joined, that with the lower lowest item stands left.
  let leaves: [Int]

  /// The clusters of `count` items from their `distances` `[count, count]`, symmetric.
  init(distances: [Double], count: Int) {
    precondition(
      distances.count == count * count, "\(distances.count) distances of \(count) items")
    // Ordered by their lowest members, since the left of a pair stays where it is.
    var clusters = (0..<count).map { [$0] }
    var between = (0..<count).map { i in Array(distances[(i * count)..<((i + 1) * count)]) }
    while clusters.count > 1 {
      var nearest = (left: 0, right: 1)
      for left in clusters.indices {
        for right in clusters.indices.dropFirst(left + 1)
        where between[left][right] < between[nearest.left][nearest.right] {
          nearest = (left, right)
        }
      }
      let (left, right) = nearest
      let sizes = (Double(clusters[left].count), Double(clusters[right].count))
      for other in clusters.indices where other != left && other != right {
        let mean =
          (sizes.0 * between[left][other] + sizes.1 * between[right][other]) / (sizes.0 + sizes.1)
        between[left][other] = mean
        between[other][left] = mean
      }
      clusters[left] += clusters[right]
      clusters.remove(at: right)
      between.remove(at: right)
      for i in between.indices { between[i].remove(at: right) }
    }
    leaves = clusters.first ?? []
  }
}
