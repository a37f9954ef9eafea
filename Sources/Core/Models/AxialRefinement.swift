/// HFGM's axial attention (§3.1): it spreads the tokens' guidance from each pixel along its row and column.
///
///     s̃ = s + A_row · A_column · value(s)
///
/// It stands behind the upsampler's end convolution, before the class tokens. The paper names the layer; its inside is that of the
/// authors' iSeg (`multihead_axial_attention.py`), the sum our choice. ``Form`` has what else it may be.
public struct AxialRefinement: Sendable {
  let query, key, value: Conv
  let project: Conv?
  private let form: Form
  private let name: String

  /// What the paper leaves open.
  struct Form: Sendable {
    /// How many groups of channels attend by themselves.
    var heads = 4
    /// Channels of queries and keys.
    var queryWidth: Int
    /// Whether a 1×1 convolution follows.
    var isProjected = false
    /// Whether s is added.
    var addsInput = true
  }

  /// Reads `query` and `key`, `width` → `form.queryWidth`, `value`, `width` → `width`, and `project`, if there is one, all with
  /// bias.
  init(_ weights: Weights, width: Int, _ form: Form) {
    name = weights.path
    self.form = form
    query = Conv(weights["query"], width, form.queryWidth)
    key = Conv(weights["key"], width, form.queryWidth)
    value = Conv(weights["value"], width, width)
    project = form.isProjected ? Conv(weights["project"], width, width) : nil
  }

  /// s̃ of s, both `[n, h/os, w/os, width]`.
  public func callAsFunction(_ s: Value) -> Value {
    guard let project else { return attention(s, addsInput: form.addsInput) }
    return project(attention(s, addsInput: false), adding: form.addsInput ? s : nil)
  }

  private func attention(_ s: Value, addsInput: Bool) -> Value {
    guard let query = query.convolution, let key = key.convolution, let value = value.convolution
    else {
      return s.applying(
        AxialMixing(heads: form.heads, addsInput: addsInput), to: self.query(s), self.key(s),
        self.value(s), named: name)
    }
    var attention = AxialAttention(heads: form.heads, query: query, key: key, value: value)
    attention.addsInput = addsInput
    return s.applying(attention, named: name)
  }
}

extension AxialRefinement.Form {
  /// What a configuration chooses.
  init(_ c: ModelConfiguration) {
    self.init(
      heads: c.axialHeads, queryWidth: c.axialWidth,
      isProjected: c.alternatives.contains(.axialProjected),
      addsInput: !c.alternatives.contains(.axialAlone))
  }
}
