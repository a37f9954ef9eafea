/// An operation whose gradients can be recorded: reverse-mode differentiation, one step at a time.
///
/// A gradient is itself a chain of operations on the same ``Trace``, so a training step is one ``Program``: what the
/// backward half needs of the forward half is kept exactly until it has been read, and memory is planned for both.
protocol DifferentiableOperation: Operation {
  /// Records ∂L/∂input, of the input's shape, for each input of `step` that ``Pullback/wants(_:)`` one; else `nil`.
  func gradients(of step: Pullback) -> [Value?]
}

/// One recorded step while its gradients are recorded.
struct Pullback {
  /// The path of the module that made the step; the names of gradients begin with it.
  let name: String
  /// What the step read and made; values that need not be kept may be made again where they are asked for.
  let inputs: [Value]
  let output: Value
  /// ∂L/∂output, of the output's shape.
  let cotangent: Value
  private let wanted: [Bool]

  init(name: String, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]) {
    self.name = name
    self.inputs = inputs
    self.output = output
    self.cotangent = cotangent
    self.wanted = wanted
  }

  /// Whether anything that is trained stands behind an input.
  func wants(_ input: Int) -> Bool { wanted[input] }

  /// What `gradient` records, where the input at `position` wants one.
  func gradient(of position: Int, _ gradient: () -> Value) -> Value? {
    wants(position) ? gradient() : nil
  }

  /// The gradients of a step that moves its first input alone, such as a loss: `gradient` of all inputs and the cotangent.
  ///
  /// The other inputs are labels, or stopped; one that is trained traps.
  func gradients(ofFirst input: String, by gradient: any Operation) -> [Value?] {
    for position in inputs.indices.dropFirst() {
      precondition(!wants(position), "\(name) moves its first input alone, not input \(position)")
    }
    return [
      self.gradient(of: 0) {
        inputs[0].applying(
          gradient, to: Array(inputs.dropFirst()) + [cotangent], named: "\(name) ∂\(input)")
      }
    ] + inputs.dropFirst().map { _ in nil }
  }
}
