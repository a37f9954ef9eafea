import Foundation

/// Adam with decoupled weight decay (Loshchilov and Hutter, arXiv:1711.05101), as PyTorch has it.
///
///     m ← β₁·m + (1 − β₁)·g,   v ← β₂·v + (1 − β₂)·g²
///     w ← w − lr·λ·w − lr · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
public struct AdamW: Optimizer {
  /// The decay of the first and second moment, in [0, 1).
  public let beta1, beta2: Double
  /// ε, beside the corrected root.
  public let epsilon: Double
  private var steps = 0
  private var first, second: [Float]

  /// The optimiser of `count` parameters that has seen no gradient.
  public init(count: Int, beta1: Double, beta2: Double, epsilon: Double) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    first = [Float](repeating: 0, count: count)
    second = first
  }

  /// How many parameters there are.
  public var count: Int { first.count }

  private static let names = ["exp_avg", "exp_avg_sq"]

  /// The moments m and v.
  public var state: OptimizerState {
    OptimizerState(
      steps: steps,
      moments: zip(Self.names, [first, second]).map { OptimizerState.Moment($0, $1) })
  }

  /// Takes over the moments and the number of steps of another run.
  public mutating func restore(_ state: OptimizerState) throws(OptimizerStateFailure) {
    let moments = try state.values(Self.names, count: count)
    (first, second) = (moments[0], moments[1])
    steps = state.steps
  }

  /// Moves the parameters; see ``Optimizer/step(_:gradients:spans:learningRate:threads:)``.
  public mutating func step(
    _ parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
    spans: [ParameterSpan], learningRate: Double, threads: Threads
  ) {
    steps += 1
    let count = count
    let (keep1, keep2, epsilon) = (Float(beta1), Float(beta2), Float(epsilon))
    let (take1, take2) = (Float(1 - beta1), Float(1 - beta2))
    let correction1 = 1 - pow(beta1, Double(steps))
    let rootCorrection2 = Float((1 - pow(beta2, Double(steps))).squareRoot())
    first.withUnsafeMutableBufferPointer { first in
      second.withUnsafeMutableBufferPointer { second in
        guard let first = first.baseAddress, let second = second.baseAddress else { return }
        SpanUpdate.forEachRun(spans, count: count, threads: threads) { start, count, span in
          let rate = learningRate * Double(span.rateFactor)
          let shrink = Float(1 - rate * Double(span.decay))
          let stride = Float(rate / correction1)
          LaneRun(count: count).visit { i, width in
            let at = start + i
            let g = (gradients + at).lanes(width) * span.gradientFactor
            let m = (first + at).lanes(width) * keep1 + g * take1
            let v = (second + at).lanes(width) * keep2 + g * g * take2
            let w = (parameters + at).lanes(width) * shrink
            (first + at).store(m, width)
            (second + at).store(v, width)
            let root = v.squareRoot() / rootCorrection2 + epsilon
            (parameters + at).store(w - m / root * stride, width)
          }
        }
      }
    }
  }
}
