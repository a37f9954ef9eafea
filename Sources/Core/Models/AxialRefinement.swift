/// HFGM's axial attention (§3.1): it spreads the tokens' guidance from each pixel along its row and column.
///
/// It stands between the upsampler's end convolution and the class tokens, and adds its input.
public struct AxialRefinement: Sendable {
  let query, key, value: Conv
  let attention: AxialAttention
  private let name: String

  /// Reads `query`, `key` and `value`, each `width` → `width` with bias.
  public init(_ weights: Weights, width: Int, heads: Int) {
    name = weights.path
    query = Conv(weights["query"], width, width)
    key = Conv(weights["key"], width, width)
    value = Conv(weights["value"], width, width)
    attention = AxialAttention(heads: heads)
  }

  /// s + attention(s).
  public func callAsFunction(_ s: Value) -> Value {
    s.applying(attention, to: query(s), key(s), value(s), named: name)
  }
}
