/// LayerNorm with its weight and bias.
struct Norm: Sendable {
  private let name: String
  private let form: Form

  private enum Form: Sendable {
    case fixed(Deferred<LayerNorm>)
    case trained(LayerNorm, weight: ParameterLayout.Entry, bias: ParameterLayout.Entry)
  }

  /// The norm of `channels` channels at `weights`.
  init(_ weights: Weights, _ channels: Int, epsilon: Float) {
    name = weights.path
    form =
      weights.isTraining
      ? .trained(
        LayerNorm(epsilon: epsilon), weight: weights.parameter("weight"),
        bias: weights.parameter("bias"))
      : .fixed(
        weights.layer {
          let weight = weights.tensor("weight", [channels], .normWeight)
          let bias = weights.tensor("bias", [channels], .normBias)
          let isComplete = !weight.isEmpty && !bias.isEmpty
          return LayerNorm(
            epsilon: epsilon, weight: isComplete ? weight : [], bias: isComplete ? bias : [])
        })
  }

  /// The normalised value.
  func callAsFunction(_ x: Value) -> Value {
    switch form {
    case .fixed(let norm): x.applying(norm.value, named: name)
    case .trained(let norm, let weight, let bias):
      x.applying(norm, to: weight.value(in: x.trace), bias.value(in: x.trace), named: name)
    }
  }
}
