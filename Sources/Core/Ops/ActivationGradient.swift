/// What of a gradient passes an activation: ∂x = ∂y where y lies strictly between its bounds, else 0.
///
/// Inputs: ∂y and y. At a bound itself the gradient is 0, as in PyTorch.
struct ActivationGradient: Operation {
  let activation: Activation
  var kernels = Kernels.current

  init(_ activation: Activation) { self.activation = activation }

  var summary: String { "gradient of \(activation)" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

  var overwritableInput: Int? { 0 }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (low, high) = activation.bounds
    threads.forEach(output.shape.count, by: 1 << 16) { values, _ in
      let start = values.lowerBound
      kernels.leaves.pass_between(
        inputs[1].base + start, inputs[0].base + start, values.count, low, high,
        output.base + start)
    }
  }
}
