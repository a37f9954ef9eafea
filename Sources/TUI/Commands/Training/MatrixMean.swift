/// The mean of what some seeds give, and how far it may be off.
struct MatrixMean: Equatable {
  /// The number of seeds.
  let count: Int
  let value: Double
  /// The standard error s / √n, s² = Σ (x − mean)² / (n − 1); `nil` for a single value, which has none.
  let error: Double?

  /// The mean of `values`; `nil` where there are none.
  init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    count = values.count
    let mean = values.reduce(0, +) / Double(count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    value = mean
    error = count > 1 ? (squares / Double(count - 1) / Double(count)).squareRoot() : nil
  }

  /// Half the width of the 95 % interval around the mean, by Student's t.
  var interval: Double? { error.map { $0 * StudentsT.quantile(degrees: count - 1) } }

  /// Whether 0 lies outside of the interval.
  var excludesZero: Bool { interval.map { abs(value) > $0 } ?? false }
}
