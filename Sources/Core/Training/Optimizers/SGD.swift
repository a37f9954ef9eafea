/// Stochastic gradient descent with momentum, as PyTorch has it (not Nesterov's).
///
///     v ← μ·v + g + λ·w,   w ← w − lr·v
public struct SGD: Optimizer {
  /// μ, in [0, 1).
  public let momentum: Float
  private var steps = 0
  private var velocity: [Float]

  /// The optimiser of `count` parameters, which rest.
  public init(count: Int, momentum: Float) {
    self.momentum = momentum
    velocity = [Float](repeating: 0, count: count)
  }

  /// How many parameters there are.
  public var count: Int { velocity.count }

  private static let names = ["momentum_buffer"]

  /// The velocity v.
  public var state: OptimizerState {
    OptimizerState(steps: steps, moments: [OptimizerState.Moment(Self.names[0], velocity)])
  }

  /// Takes over the velocity of another run.
  public mutating func restore(_ state: OptimizerState) throws(OptimizerStateFailure) {
    velocity = try state.values(Self.names, count: count)[0]
    steps = state.steps
  }

  /// Moves the parameters; see ``Optimizer/step(_:gradients:spans:learningRate:threads:)``.
  public mutating func step(
    _ parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
    spans: [ParameterSpan], learningRate: Double, threads: Threads
  ) {
    steps += 1
    let momentum = momentum
    let count = count
    velocity.withUnsafeMutableBufferPointer { velocity in
      guard let velocity = velocity.baseAddress else { return }
      SpanUpdate.forEachRun(spans, count: count, threads: threads) { start, count, span in
        let rate = Float(learningRate * Double(span.rateFactor))
        LaneRun(count: count).visit { i, width in
          let at = start + i
          let w = (parameters + at).lanes(width)
          let g = (gradients + at).lanes(width) * span.gradientFactor + w * span.decay
          let v = (velocity + at).lanes(width) * momentum + g
          (velocity + at).store(v, width)
          (parameters + at).store(w - v * rate, width)
        }
      }
    }
  }
}
