extension Sum: DifferentiableOperation {
  /// Every summand has the gradient of the sum.
  func gradients(of step: Pullback) -> [Value?] {
    step.inputs.indices.map { position in step.gradient(of: position) { step.cotangent } }
  }
}
