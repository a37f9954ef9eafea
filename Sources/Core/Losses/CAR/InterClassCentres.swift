/// CAR's centre term: class centres keep apart from each other.
///
/// ``InterClassRows`` with s_ij = ⟨μ_i, sg(μ_j)⟩, ε₀ = 0.5, over all K classes, absent ones included. Inputs: μ and sg(μ),
/// `[1, 1, K, c]` each.
struct InterClassCentres: DifferentiableOperation {
  let margin: Float

  var summary: String { "CAR, between centres" }

  func outputShape(for inputs: [Shape]) -> Shape {
    precondition(inputs[0] == inputs[1], "centres \(inputs[0]) and \(inputs[1])")
    return Shape(h: 1, w: 1, c: 1)
  }

  fileprivate func rows(_ queries: TensorView, _ keys: TensorView) -> InterClassRows {
    let (k, c) = (queries.shape.w, queries.shape.c)
    return InterClassRows(
      values: (0..<(k * k)).map { index in
        dot(queries.base + index / k * c, keys.base + index % k * c, c)
      }, own: (0..<k).map { $0 }, classes: k, factor: 1 / Double(c).squareRoot(),
      margin: Double(margin) / Double(max(1, k - 1)), count: Double(k))
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    var rows = rows(inputs[0], inputs[1])
    output.base[0] = Float(rows.loss())
  }

  /// ∂μ by ``Gradient`` for the first input; the second must be stopped.
  func gradients(of step: Pullback) -> [Value?] {
    step.gradients(ofFirst: "centres", by: Gradient(loss: self))
  }

  /// ∂μ_i = ∂L · Σ_j ∂s_ij · sg(μ_j).
  ///
  /// Inputs: μ, sg(μ), ∂L.
  struct Gradient: Operation {
    let loss: InterClassCentres

    var summary: String { "gradient of CAR, between centres" }

    func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

    func run(
      _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
      threads: Threads
    ) {
      var rows = loss.rows(inputs[0], inputs[1])
      rows.differentiate()
      rows.mix(
        inputs[1], factor: Double(inputs[2].base[0]), into: output.base, threads: threads)
    }
  }
}
