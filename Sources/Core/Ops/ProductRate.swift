extension Threads {
  /// The extents of the product that ``matrixProductRate()`` times, C `[m, n]` of A `[m, k]` and B `[k, n]`.
  ///
  /// They are those of a 3×3 convolution 256 → 256 over 1024 pixels.
  public static let ratedProduct = (m: 1024, n: 256, k: 2304)

  /// The floating-point operations per second that our own matrix product reaches with all of these threads.
  ///
  /// Each thread multiplies matrices of ``ratedProduct``, again and again for about 50 ms; the fastest time counts. No
  /// convolution that is computed as a product can be faster, one that needs fewer multiplications (Winograd's) can.
  public func matrixProductRate() -> Double {
    let (m, n, k) = Self.ratedProduct
    let a = [Float](repeating: 0.5, count: m * k)
    let b = [Float](repeating: 0.25, count: k * n)
    var c = [Float](repeating: 0, count: count * m * n)
    let clock = ContinuousClock()
    let start = clock.now
    var fastest = Duration.seconds(Int.max)
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        c.withUnsafeMutableBufferPointer { c in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          // The products are unrelated, and each worker has a part of C to itself.
          nonisolated(unsafe) let (left, right, result) = (a, b, c)
          repeat {
            let duration = clock.measure {
              forEach(count) { _, worker in
                MatrixProduct.multiply(
                  m: m, n: n, k: k, MatrixView(base: left, stride: k),
                  MatrixView(base: right, stride: n), into: result + worker * m * n, stride: n)
              }
            }
            fastest = min(fastest, duration)
          } while clock.now - start < .milliseconds(50)
        }
      }
    }
    return 2 * Double(count * m * n * k) / (fastest / .seconds(1))
  }
}
