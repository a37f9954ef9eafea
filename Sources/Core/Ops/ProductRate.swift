extension Threads {
  /// The extents of the product that ``matrixProductRate()`` times on each thread: C `[m, n]` of A `[m, k]` and B `[k, n]`.
  ///
  /// They are those of a 3×3 convolution 256 → 256 over 1024 pixels.
  public static let ratedProduct = (m: 1024, n: 256, k: 2304)

  /// The floating-point operations per second that our own matrix product reaches with all of these threads.
  ///
  /// A 1×1 convolution is such a product; one over m pixels for each thread runs again and again for about 50 ms, and the
  /// fastest run counts. No convolution that is computed as a product can be faster; one that needs fewer
  /// multiplications (Winograd's) can.
  public func matrixProductRate() -> Double {
    let (m, n, k) = Self.ratedProduct
    let product = Convolution(
      ConvolutionGeometry(k, n), weights: [Float](repeating: 0.25, count: k * n),
      bias: [Float](repeating: 0, count: n))
    let (input, output) = (Shape(h: count, w: m, c: k), Shape(h: count, w: m, c: n))
    let arena = Arena()
    let memory = arena.reserve(
      input.count + output.count + product.scratchCount(for: [input], threads: self))
    defer { withExtendedLifetime(arena) {} }
    memory.update(repeating: 0.5, count: input.count)
    return 2 * Double(count * m * n * k)
      / fastestSeconds {
        product.run(
          [TensorView(shape: input, base: memory)],
          into: MutableTensorView(shape: output, base: memory + input.count),
          scratch: memory + input.count + output.count, threads: self)
      }
  }

  /// The floating-point operations per second of the same product in OpenBLAS.
  public func blasProductRate() -> Double {
    let (m, n, k) = Self.ratedProduct
    let arena = Arena()
    let (a, b) = (arena.reserve(k * n + count * (m * k + m * n)), k * n)
    defer { withExtendedLifetime(arena) {} }
    a.update(repeating: 0.25, count: k * n + count * m * k)
    return 2 * Double(count * m * n * k)
      / fastestSeconds {
        forEach(count) { part, _ in
          MatrixProduct.multiply(
            m: m, n: n, k: k, a + b + part * m * k, a,
            into: a + b + count * m * k + part * m * n)
        }
      }
  }

  /// The least time that `work` takes, of as many runs as fit into about 50 ms.
  private func fastestSeconds(_ work: () -> Void) -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    var fastest = Duration.seconds(Int.max)
    repeat {
      fastest = min(fastest, clock.measure(work))
    } while clock.now - start < .milliseconds(50)
    return fastest / .seconds(1)
  }
}
