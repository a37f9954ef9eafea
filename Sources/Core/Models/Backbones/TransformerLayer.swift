/// Figure 1, right, of arXiv:2010.11929: attention and an MLP, each behind a LayerNorm and with its input added.
struct TransformerLayer: Sendable {
  let name: String
  let norm1: Norm
  let attention: SelfAttentionLayer
  let norm2: Norm
  let expand, project: Conv

  init(_ weights: Weights, _ width: Int, heads: Int) {
    name = weights.path
    norm1 = Norm(weights["norm1"], width, epsilon: VisionTransformer.epsilon)
    attention = SelfAttentionLayer(weights["attn"], width, heads: heads)
    norm2 = Norm(weights["norm2"], width, epsilon: VisionTransformer.epsilon)
    expand = Conv(linear: weights["mlp.fc1"], width, 4 * width, .gelu)
    project = Conv(linear: weights["mlp.fc2"], 4 * width, width)
  }

  /// y = x + attention(norm1(x)), and y + project(expand(norm2(y))), all `[n, 1, 1 + patches, width]`.
  func callAsFunction(_ x: Value) -> Value {
    let y = attention(norm1(x), adding: x)
    return project(expand(norm2(y)), adding: y)
  }

  /// Query-based down-sampling (arXiv:2210.05844, §3.2): the half grid's tokens look at all, and go on alone.
  func halving(_ x: Value, of grid: TokenGrid) -> Value {
    let y = attention(norm1(x), ofHalf: grid, adding: grid.halved(x, named: name))
    return project(expand(norm2(y)), adding: y)
  }
}

/// Attention of all tokens to each other: `qkv` makes queries, keys and values, `proj` puts the heads together.
struct SelfAttentionLayer: Sendable {
  private let name: String
  private let projections, output: Conv
  private let attention: MultiHeadAttention

  init(_ weights: Weights, _ width: Int, heads: Int) {
    name = weights.path
    projections = Conv(linear: weights["qkv"], width, 3 * width)
    output = Conv(linear: weights["proj"], width, width)
    attention = MultiHeadAttention(heads: heads)
  }

  /// attention(x) + residual.
  func callAsFunction(_ x: Value, adding residual: Value) -> Value {
    output(projections(x).applying(attention, named: name), adding: residual)
  }

  /// The same where the queries are those of the class token and the half grid.
  func callAsFunction(_ x: Value, ofHalf grid: TokenGrid, adding residual: Value) -> Value {
    let (all, c) = (projections(x), x.shape.c)
    func part(_ part: Int) -> Value {
      all.applying(ChannelRange((part * c)..<((part + 1) * c)), named: name)
    }
    let queries = grid.halved(part(0), named: name)
    return output(
      queries.applying(attention, to: part(1), part(2), named: name), adding: residual)
  }
}
