/// HFGM's axial attention (§3.1): it spreads the tokens' guidance from each pixel along its row and column.
///
/// It stands between the upsampler's end convolution and the class tokens, and adds its input.
public struct AxialRefinement: Sendable {
  let attention: AxialAttention
  private let name: String

  /// Reads `query`, `key` and `value`, each `width` → `width` with bias.
  public init(_ weights: Weights, width: Int, heads: Int) {
    name = weights.path
    attention = AxialAttention(
      heads: heads, query: Conv(weights["query"], width, width).convolution,
      key: Conv(weights["key"], width, width).convolution,
      value: Conv(weights["value"], width, width).convolution)
  }

  /// s + attention(s).
  public func callAsFunction(_ s: Value) -> Value { s.applying(attention, named: name) }
}
