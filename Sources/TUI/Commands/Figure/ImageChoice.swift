/// Which images of a data set a figure shows.
enum ImageChoice: String, CaseIterable, Sendable {
  /// In the data set's order.
  case first
  /// Lowest and highest mIoU of the first model.
  case worst, best
  /// Largest difference of the two models' mIoU.
  case different

  /// Whether the images must have been measured.
  var needsScores: Bool { self != .first }

  /// The places of at most `count` images, those that fit best first; images without a number come last.
  ///
  /// - Parameter scores: each model's mIoU of every image, in the data set's order; NaN where there is none.
  func chosen(_ count: Int, from scores: [[Double]]) -> [Int] {
    let places = scores.first?.indices.map { $0 } ?? []
    func key(_ i: Int) -> Double {
      let key =
        switch self {
        case .first: Double(i)
        case .worst: scores[0][i]
        case .best: -scores[0][i]
        case .different: scores.count > 1 ? -abs(scores[1][i] - scores[0][i]) : .nan
        }
      return key.isNaN ? .infinity : key
    }
    return Array(places.sorted { (key($0), $0) < (key($1), $1) }.prefix(count))
  }
}
