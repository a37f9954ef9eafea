import CKernels
import Glibc

/// Channels made stronger by what is known of the whole map.
///
///     y[n, i, j, c] = x[n, i, j, c] · (1 + σ(z[n, c]))
///
/// σ is the logistic function. FaPN's feature selection (arXiv:2108.07058, equation 3), whose gate is added to its input; a
/// squeeze-and-excitation (arXiv:1709.01507) with a shortcut. Inputs: x `[n, h, w, c]` and z `[n, 1, 1, c]`.
struct ChannelGate: Operation {
  var kernels = Kernels.current

  var summary: String { "channel gate" }

  func outputShape(for inputs: [Shape]) -> Shape {
    let x = inputs[0]
    precondition(inputs[1] == x.resized(h: 1, w: 1), "a gate of \(x) is not \(inputs[1])")
    return x
  }

  /// Factors, and a shift of zeros.
  func scratchCount(for inputs: [Shape], threads: Threads) -> Int { inputs[1].count + inputs[0].c }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, z, c) = (inputs[0], inputs[1], inputs[0].shape.c)
    let (factors, zeros) = (scratch, scratch + z.shape.count)
    for index in 0..<z.shape.count { factors[index] = 1 + Self.logistic(z.base[index]) }
    zeros.update(repeating: 0, count: c)
    let area = x.shape.h * x.shape.w
    let blocks = EvenBlocks(area, of: 1, upTo: LayerNorm.block(x.shape))
    threads.forEach(x.shape.n * blocks.count) { task, _ in
      let (n, block) = task.quotientAndRemainder(dividingBy: blocks.count)
      let pixels = blocks[block]
      let start = (n * area + pixels.lowerBound) * c
      var norm = hfgd_norm(
        scale: factors + n * c, shift: zeros, mean: zeros, low: -.infinity, high: .infinity)
      kernels.leaves.normalise(&norm, x.base + start, nil, pixels.count, c, output.base + start)
    }
  }

  /// σ(z) = 1 / (1 + exp(−z)).
  static func logistic(_ z: Float) -> Float { Float(1 / (1 + exp(-Double(z)))) }
}
