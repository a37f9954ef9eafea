/// What each class looks like in a picture: the mean of a map, weighted by where the class is thought to be.
///
///     y[n, k] = Σ_p a[n, p, k] · x[n, p],    a[n, ·, k] = softmax_p(z[n, p, k])
///
/// "Object-Contextual Representations" (arXiv:1909.11065), equation 2. Inputs: x `[n, h, w, c]` and the scores z
/// `[n, h, w, classes]`; the result is `[n, classes, 1, c]`. `regionCentresReference` is the specification.
struct RegionCentres: Operation {
  var kernels = Kernels.current

  var summary: String { "centres of regions" }

  func outputShape(for inputs: [Shape]) -> Shape {
    let (x, z) = (inputs[0], inputs[1])
    precondition(z == x.channels(z.c), "scores \(z) are not of the map \(x)")
    return Shape(n: x.n, h: z.c, w: 1, c: x.c)
  }

  func multiplyAdds(for inputs: [Shape]) -> Int { inputs[0].count * inputs[1].c }

  /// A class's shares of the pixels, for each thread.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    threads.count * roundedToCacheLine(inputs[0].h * inputs[0].w)
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, z, c) = (inputs[0], inputs[1], output.shape.c)
    let (pixels, classes) = (x.shape.h * x.shape.w, z.shape.c)
    threads.forEach(x.shape.n * classes) { task, worker in
      let (n, k) = task.quotientAndRemainder(dividingBy: classes)
      let shares = scratch + worker * roundedToCacheLine(pixels)
      z.shares(image: n, of: k, into: shares)
      let centre = output.base + task * c
      centre.update(repeating: 0, count: c)
      for p in 0..<pixels {
        kernels.leaves.add_scaled(x.base + (n * pixels + p) * c, c, shares[p], centre)
      }
    }
  }
}

extension TensorView {
  /// The softmax over the pixels of image `n` of channel `k`.
  func shares(image n: Int, of k: Int, into shares: UnsafeMutablePointer<Float>) {
    let pixels = shape.h * shape.w
    let first = base + n * pixels * shape.c + k
    for p in 0..<pixels { shares[p] = first[p * shape.c] }
    Softmax.apply(to: shares, rows: 1, count: pixels)
  }
}
