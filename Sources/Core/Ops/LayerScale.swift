import CKernels

/// A trained factor on each channel, with a sum behind it.
///
///     y = γ · x + r
///
/// Inputs: x `[n, h, w, c]`, γ `[1, 1, 1, c]`, perhaps r of x's shape. Touvron et al., "Going deeper with Image Transformers",
/// arXiv:2103.17239, equation 4. Outside training γ is part of the layer before it.
struct LayerScale: Operation {
  var kernels = Kernels.current

  var summary: String { "layer scale" }

  func outputShape(for inputs: [Shape]) -> Shape {
    let x = inputs[0]
    precondition(
      inputs[1] == Shape(h: 1, w: 1, c: x.c), "layer scale of \(x) does not take \(inputs[1])")
    if inputs.count > 2 { precondition(inputs[2] == x, "cannot add \(inputs[2]) to a scaled \(x)") }
    return x
  }

  /// A shift of zeros.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int { inputs[0].c }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let x = inputs[0]
    let residual = inputs.count > 2 ? inputs[2].base : nil
    scratch.update(repeating: 0, count: x.shape.c)
    var norm = hfgd_norm(
      scale: inputs[1].base, shift: scratch, mean: scratch, low: -.infinity, high: .infinity)
    withUnsafePointer(to: &norm) { norm in
      nonisolated(unsafe) let norm = norm
      threads.forEach(x.shape.pixels, by: LayerNorm.block(x.shape)) { pixels, _ in
        let start = pixels.lowerBound * x.shape.c
        kernels.leaves.normalise(
          norm, x.base + start, residual.map { $0 + start }, pixels.count, x.shape.c,
          output.base + start)
      }
    }
  }
}
