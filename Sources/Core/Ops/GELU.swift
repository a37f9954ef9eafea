/// The activation of transformers as a step of its own, as training needs it; else it is part of a ``Convolution``.
///
///     y = x·Φ(x) = ½·x·erfc(−x / √2)
///
/// Hendrycks and Gimpel, arXiv:1606.08415; the exact form, not the one with a hyperbolic tangent.
struct GELU: Operation {
  var kernels: Kernels

  init(_ kernels: Kernels = .current) { self.kernels = kernels }

  var summary: String { "GELU" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

  /// x, each value of which is read once.
  var overwritableInput: Int? { 0 }

  /// Values of a task.
  static let block = 1 << 14

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    apply(to: inputs[0].base, output.shape.count, output.base, threads)
  }

  /// Writes what becomes of `count` values at `x` to `y`, which may be x.
  func apply(
    to x: UnsafePointer<Float>, _ count: Int, _ y: UnsafeMutablePointer<Float>, _ threads: Threads
  ) {
    threads.forEach(count, by: Self.block) { values, _ in
      kernels.leaves.gelu(x + values.lowerBound, values.count, y + values.lowerBound)
    }
  }
}
