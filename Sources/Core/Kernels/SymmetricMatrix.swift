import COpenBLAS

/// A symmetric matrix in double precision, such as a covariance.
struct SymmetricMatrix: Sendable, Equatable {
  /// Rows, and columns.
  let order: Int
  /// `[order, order]`; what lies below the diagonal is the mirror of what lies above.
  private(set) var values: [Double]

  /// A matrix of zeros.
  init(order: Int) {
    precondition(order > 0, "a symmetric matrix has at least one row, not \(order)")
    self.order = order
    values = [Double](repeating: 0, count: order * order)
  }

  /// The value at row `i` and column `j`.
  subscript(i: Int, j: Int) -> Double { values[max(i, j) * order + min(i, j)] }

  /// The sum of the diagonal.
  var trace: Double { (0..<order).reduce(0) { $0 + self[$1, $1] } }

  /// Adds XᵀX of `count` rows of `order` values; on the thread that calls.
  mutating func addSquare(_ rows: UnsafePointer<Double>, count: Int) {
    MatrixProduct.stayOnOneThread()
    values.withUnsafeMutableBufferPointer { values in
      cblas_dsyrk(
        CblasRowMajor, CblasLower, CblasTrans, blasint(order), blasint(count), 1, rows,
        blasint(order), 1, values.baseAddress, blasint(order))
    }
  }

  /// Adds another matrix of the same order.
  mutating func add(_ other: SymmetricMatrix) {
    precondition(order == other.order, "matrices of \(order) and \(other.order) rows")
    for place in values.indices { values[place] += other.values[place] }
  }

  /// Multiplies all values.
  mutating func scale(by factor: Double) {
    for place in values.indices { values[place] *= factor }
  }

  /// The eigenvalues, largest first, and their eigenvectors of length 1 (LAPACK's `dsyevd`).
  ///
  /// Of the two directions of a vector it is the one whose value of largest magnitude, the first of equals, is positive.
  func eigen() -> [(value: Double, vector: [Double])] {
    MatrixProduct.stayOnOneThread()
    var vectors = values
    var eigenvalues = [Double](repeating: 0, count: order)
    var work = [Double](repeating: 0, count: 1 + 6 * order + 2 * order * order)
    var wholeWork = [blasint](repeating: 0, count: 3 + 5 * order)
    var (n, info) = (blasint(order), blasint(0))
    var (workCount, wholeCount) = (blasint(work.count), blasint(wholeWork.count))
    // What is the lower half by rows is the upper one by columns, which Fortran reads.
    dsyevd_(
      "V", "U", &n, &vectors, &n, &eigenvalues, &work, &workCount, &wholeWork, &wholeCount, &info,
      1, 1)
    precondition(info == 0, "dsyevd of \(order) rows failed with \(info): are all values finite?")
    return (0..<order).reversed().map { index in
      let vector = Array(vectors[(index * order)..<((index + 1) * order)])
      let peak = vector.map(abs).max() ?? 0
      let sign = (vector.first { abs($0) == peak } ?? 0) < 0 ? -1.0 : 1
      return (eigenvalues[index], vector.map { $0 * sign })
    }
  }
}
