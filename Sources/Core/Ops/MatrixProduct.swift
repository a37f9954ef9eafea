import COpenBLAS

/// OpenBLAS's product of matrices in row-major memory: what our own products are tested against, and measured against on
/// the machine at hand.
public enum MatrixProduct {
  /// OpenBLAS stays on the thread that calls it: ``Threads`` alone decides how many work.
  private static let singleThreaded: Void = openblas_set_num_threads(1)

  /// Makes sure of that, before any other of its functions is called.
  static func stayOnOneThread() { _ = singleThreaded }

  /// C ← A·B with A of `m` × `k`, B of `k` × `n` and C of `m` × `n`, none with gaps.
  public static func multiply(
    m: Int, n: Int, k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    into c: UnsafeMutablePointer<Float>
  ) {
    stayOnOneThread()
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(m), blasint(n), blasint(k), 1, a,
      blasint(k), b, blasint(n), 0, c, blasint(n))
  }
}
