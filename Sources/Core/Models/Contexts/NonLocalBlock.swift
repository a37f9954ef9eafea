/// Self-attention of every cell to every other, its input added: "Non-local Neural Networks" (arXiv:1711.07971), figure 2,
/// as the authors of HFGD have it (CAR `heads/nonlocals.py`): one head, no factor on the scores, no convolution behind it.
public struct NonLocalBlock: Sendable {
  let query, key, value: Conv
  private let name: String

  /// Queries and keys are 64 wide (CAR `guided_filters`).
  private static let queryWidth = 64

  /// Reads `query`, `key` and `value`, with bias.
  init(_ weights: Weights, _ channels: Int) {
    name = weights.path
    query = Conv(weights["query"], channels, Self.queryWidth)
    key = Conv(weights["key"], channels, Self.queryWidth)
    value = Conv(weights["value"], channels, channels)
  }

  /// x + A · value(x), both `[n, h, w, channels]`.
  func callAsFunction(_ x: Value) -> Value {
    x.applying(SelfAttention(), to: query(x), key(x), value(x), named: name)
  }
}
