extension GELU: DifferentiableOperation {
  /// ∂x by ``GELUGradient``.
  func gradients(of step: Pullback) -> [Value?] {
    [
      step.gradient(of: 0) {
        step.cotangent.applying(
          GELUGradient(kernels), to: step.inputs[0], named: step.name + " ∂x")
      }
    ]
  }
}

/// The gradient of GELU's input: ∂x = ∂y · (Φ(x) + x·φ(x)), φ being the normal distribution's density.
///
/// Inputs: ∂y and x.
struct GELUGradient: Operation {
  private let kernels: Kernels

  init(_ kernels: Kernels) { self.kernels = kernels }

  var summary: String { "gradient of GELU" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

  /// ∂y, each value of which is read once.
  var overwritableInput: Int? { 0 }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    threads.forEach(output.shape.count, by: GELU.block) { values, _ in
      let start = values.lowerBound
      kernels.leaves.gelu_gradient(
        inputs[1].base + start, inputs[0].base + start, values.count, output.base + start)
    }
  }
}
