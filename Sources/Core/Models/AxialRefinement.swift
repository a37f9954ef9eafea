/// HFGM's axial attention (§3.1): it spreads the tokens' guidance from each pixel along its row and column.
///
/// It stands between the upsampler's end convolution and the class tokens, and adds its input.
public struct AxialRefinement: Sendable {
  let query, key, value: Conv
  private let heads: Int
  private let name: String

  /// Reads `query`, `key` and `value`, each `width` → `width` with bias.
  public init(_ weights: Weights, width: Int, heads: Int) {
    name = weights.path
    self.heads = heads
    query = Conv(weights["query"], width, width)
    key = Conv(weights["key"], width, width)
    value = Conv(weights["value"], width, width)
  }

  /// s + attention(s).
  public func callAsFunction(_ s: Value) -> Value {
    guard let query = query.convolution, let key = key.convolution, let value = value.convolution
    else {
      return s.applying(
        AxialMixing(heads: heads), to: self.query(s), self.key(s), self.value(s), named: name)
    }
    return s.applying(
      AxialAttention(heads: heads, query: query, key: key, value: value), named: name)
  }
}
