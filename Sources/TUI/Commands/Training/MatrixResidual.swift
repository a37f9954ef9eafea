/// The luck of single runs, from all rows of a table together: what is left of their values when rows and seeds each add their part.
///
///     value = row + seed + rest,   s² = Σ rest² / ((rows − 1) · (seeds − 1))
///
/// A row's own standard error rests on as few values as there are seeds; this one on all, where rows vary alike.
struct MatrixResidual: Equatable {
  /// The number of rows.
  let rows: Int
  private let seeds: Int
  /// s.
  let deviation: Double

  /// Of a list of values for each row, one for each seed; `nil` where there are fewer than three rows or two seeds.
  init?(_ values: [[Double]]) {
    guard values.count >= 3, let seeds = values.first?.count, seeds >= 2 else { return nil }
    precondition(
      values.allSatisfy { $0.count == seeds }, "each row has a value for each of \(seeds) seeds")
    func mean(_ values: some Collection<Double>) -> Double {
      values.reduce(0, +) / Double(values.count)
    }
    let all = mean(values.joined().map { $0 })
    let ofSeeds = (0..<seeds).map { seed in mean(values.map { $0[seed] }) }
    let squares = values.reduce(0) { sum, row in
      let ofRow = mean(row)
      return zip(row, ofSeeds).reduce(sum) { sum, pair in
        let rest = pair.0 - ofRow - pair.1 + all
        return sum + rest * rest
      }
    }
    rows = values.count
    self.seeds = seeds
    deviation = (squares / Double((rows - 1) * (seeds - 1))).squareRoot()
  }

  /// Degrees of freedom.
  var degrees: Int { (rows - 1) * (seeds - 1) }

  /// The standard error of what a row gains over another.
  var gainError: Double { deviation * (2 / Double(seeds)).squareRoot() }

  /// Half the width of such a gain's 95 % interval.
  var gainInterval: Double { gainError * StudentsT.quantile(degrees: degrees) }
}

extension MatrixReport {
  /// That of the rows that have a value for each seed.
  var residual: MatrixResidual? {
    let values = rows.map { $0.runs.compactMap { $0.outcome?.last } }
    return MatrixResidual(values.filter { $0.count == seeds.count })
  }
}
