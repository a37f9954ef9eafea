/// A map that is the same everywhere, made of no input: the gradient that differentiation starts from.
struct Constant: Operation {
  let shape: Shape
  let value: Float

  init(_ shape: Shape, _ value: Float) {
    self.shape = shape
    self.value = value
  }

  var summary: String { "constant \(value)" }

  func outputShape(for inputs: [Shape]) -> Shape { shape }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    output.base.update(repeating: value, count: shape.count)
  }
}
