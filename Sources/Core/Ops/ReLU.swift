/// max(x, 0) as a step of its own, as training needs it where no batch norm stands before it; else it is part of a
/// ``Convolution``.
struct ReLU: DifferentiableOperation {
  var summary: String { "ReLU" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

  /// x, each value of which is read once.
  var overwritableInput: Int? { 0 }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let x = inputs[0].base
    threads.forEach(output.shape.count, by: 1 << 16) { values, _ in
      // A NaN is not below 0, and stays.
      for index in values { output.base[index] = x[index] < 0 ? 0 : x[index] }
    }
  }

  /// ∂x = ∂y where y is above 0.
  func gradients(of step: Pullback) -> [Value?] {
    [
      step.gradient(of: 0) {
        step.cotangent.applying(
          ActivationGradient(.relu), to: step.output, named: step.name + " ∂x")
      }
    ]
  }
}
