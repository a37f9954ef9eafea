import COpenBLAS

/// A matrix in row-major memory whose rows start `stride` floats apart; perhaps read transposed.
struct MatrixView {
  let base: UnsafePointer<Float>
  let stride: Int
  var isTransposed = false
}

/// The one caller of `cblas_sgemm`.
enum MatrixProduct {
  /// OpenBLAS stays on the thread that calls it: ``Threads`` alone decides how many work.
  private static let singleThreaded: Void = openblas_set_num_threads(1)

  /// C ← α·A·B + β·C, with A of `m` × `k`, B of `k` × `n` and C of `m` × `n`, after any transposition.
  ///
  /// With β = 0, C is written without being read.
  static func multiply(
    m: Int, n: Int, k: Int, alpha: Float = 1, _ a: MatrixView, _ b: MatrixView, beta: Float = 0,
    into c: UnsafeMutablePointer<Float>, stride: Int
  ) {
    _ = singleThreaded
    cblas_sgemm(
      CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans,
      b.isTransposed ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), alpha, a.base,
      blasint(a.stride), b.base, blasint(b.stride), beta, c, blasint(stride))
  }
}
