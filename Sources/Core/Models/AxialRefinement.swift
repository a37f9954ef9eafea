/// HFGM's axial attention (§3.1): it spreads the tokens' guidance from each pixel along its row and column.
///
/// It stands between the upsampler's end convolution and the class tokens, and adds its input.
public struct AxialRefinement: Sendable {
  let query, key, value: Conv
  let project: Conv?
  private let heads: Int
  private let addsInput: Bool
  private let name: String

  /// Reads `query`, `key` and `value`, each `width` → `width` with bias, and `project`, if there is one.
  public init(_ weights: Weights, _ c: ModelConfiguration) {
    name = weights.path
    heads = c.axialHeads
    addsInput = !c.alternatives.contains(.axialAlone)
    query = Conv(weights["query"], c.width, c.width)
    key = Conv(weights["key"], c.width, c.width)
    value = Conv(weights["value"], c.width, c.width)
    project =
      c.alternatives.contains(.axialProjected)
      ? Conv(weights["project"], c.width, c.width) : nil
  }

  /// s + attention(s).
  public func callAsFunction(_ s: Value) -> Value {
    guard let project else { return attention(s, addsInput: addsInput) }
    return project(attention(s, addsInput: false), adding: addsInput ? s : nil)
  }

  private func attention(_ s: Value, addsInput: Bool) -> Value {
    guard let query = query.convolution, let key = key.convolution, let value = value.convolution
    else {
      return s.applying(
        AxialMixing(heads: heads, addsInput: addsInput), to: self.query(s), self.key(s),
        self.value(s), named: name)
    }
    var attention = AxialAttention(heads: heads, query: query, key: key, value: value)
    attention.addsInput = addsInput
    return s.applying(attention, named: name)
  }
}
