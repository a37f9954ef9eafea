/// max(x, 0) as a step of its own, as training needs it behind a layer without batch norm; else it is part of the layer.
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
      for i in values { output.base[i] = Activation.relu(x[i]) }
    }
  }

  /// What of ∂y passes, told by y.
  func gradients(of step: Pullback) -> [Value?] {
    [
      step.gradient(of: 0) {
        step.cotangent.applying(
          ActivationGradient(.relu), to: step.output, named: step.name + " ∂x")
      }
    ]
  }
}
