/// A weighted sum of single numbers: the whole loss from its terms.
///
/// Inputs: terms `[1, 1, 1, 1]`, one for each weight.
struct WeightedSum: DifferentiableOperation {
  let weights: [Float]

  init(_ weights: [Float]) { self.weights = weights }

  var summary: String { "weighted sum" }

  func outputShape(for inputs: [Shape]) -> Shape {
    precondition(
      inputs.count == weights.count && inputs.allSatisfy { $0.count == 1 },
      "\(weights.count) weights for terms \(inputs)")
    return inputs[0]
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    output.base[0] = zip(inputs, weights).reduce(0) { $0 + $1.0.base[0] * $1.1 }
  }

  /// Each term's weight.
  func gradients(of step: Pullback) -> [Value?] {
    weights.enumerated().map { position, weight in
      step.gradient(of: position) {
        step.cotangent.applying(WeightedSum([weight]), named: step.name + " ∂term")
      }
    }
  }
}
