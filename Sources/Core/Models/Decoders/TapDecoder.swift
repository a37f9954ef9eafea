/// The decoder of one tap: its features, projected where they are wider, as keys of some decoder layers.
struct TapDecoder: Sendable {
  let projection: (linear: Conv, norm: Norm)?
  let layers: [MaskDecoderLayer]

  /// What the decoder makes of queries.
  struct Step {
    /// The queries, having looked at the picture.
    let queries: Value
    /// How like each pixel is to each query.
    let masks: Value
    /// What they were compared with.
    let keys: Value
  }

  /// A decoder of `width`; features of as many channels as `inputs` are projected to it.
  init(_ weights: Weights, from inputs: Int? = nil, _ width: Int) {
    projection = inputs.map {
      (
        Conv(linear: weights["proj"], $0, width),
        Norm(weights["norm"], width, epsilon: SegViT.epsilon)
      )
    }
    layers = (0..<SegViT.depth).map { MaskDecoderLayer(weights["layers"][$0], width) }
  }

  /// The last layer's step, its masks added to those of an earlier tap.
  func callAsFunction(_ queries: Value, _ features: Value, adding masks: Value?) -> Step {
    let steps = steps(queries, features, adding: masks)
    return steps[steps.count - 1]
  }

  /// Every layer's step.
  func steps(_ queries: Value, _ features: Value, adding masks: Value? = nil) -> [Step] {
    let pixels = projection.map { $0.norm($0.linear(features)) } ?? features
    var queries = queries
    return layers.map { layer in
      let step = layer(queries, pixels, adding: masks)
      queries = step.queries
      return step
    }
  }
}

/// A layer of a transformer's decoder whose attention makes masks (arXiv:2210.05844, figure 2, right): attention among the queries,
/// to the pixels, and an MLP, each with its input added and a LayerNorm behind.
struct MaskDecoderLayer: Sendable {
  let selfAttention: SelfAttentionLayer
  let norm1: Norm
  let attentionToMask: AttentionToMask
  let norm2: Norm
  let expand, project: Conv
  let norm3: Norm

  init(_ weights: Weights, _ width: Int) {
    let heads = width / SegViT.headWidth
    selfAttention = SelfAttentionLayer(weights["self_attn"], width, heads: heads)
    norm1 = Norm(weights["norm1"], width, epsilon: SegViT.epsilon)
    attentionToMask = AttentionToMask(weights["cross_attn"], width, heads: heads)
    norm2 = Norm(weights["norm2"], width, epsilon: SegViT.epsilon)
    expand = Conv(linear: weights["mlp.fc1"], width, 4 * width, .relu)
    project = Conv(linear: weights["mlp.fc2"], 4 * width, width)
    norm3 = Norm(weights["norm3"], width, epsilon: SegViT.epsilon)
  }

  /// The queries `[n, i, j, width]` among themselves, then at the pixels `[n, h, w, width]`; masks `[n, h, w, i·j]`.
  func callAsFunction(_ queries: Value, _ pixels: Value, adding masks: Value?) -> TapDecoder.Step {
    let among = norm1(selfAttention(queries, adding: queries))
    let seen = attentionToMask(among, pixels, adding: masks)
    let attended = norm2(seen.queries)
    return TapDecoder.Step(
      queries: norm3(project(expand(attended), adding: attended)), masks: seen.masks,
      keys: seen.keys)
  }
}

/// Attention-to-mask: attention of queries to pixels, whose scores are masks, too.
///
///     S = Q·Kᵀ / √d,   queries + softmax(S)·V,   masks + S      (equations 2 and 3)
///
/// The masks have the mean of S over the heads: the dot products of whole queries and keys, scaled.
struct AttentionToMask: Sendable {
  private let name: String
  private let query, key, value, output: Conv
  private let attention: MultiHeadAttention
  private let similarity: TokenSimilarity

  init(_ weights: Weights, _ width: Int, heads: Int) {
    name = weights.path
    query = Conv(linear: weights["q"], width, width)
    key = Conv(linear: weights["k"], width, width)
    value = Conv(linear: weights["v"], width, width)
    output = Conv(linear: weights["proj"], width, width)
    attention = MultiHeadAttention(heads: heads)
    similarity = TokenSimilarity(
      scale: 1 / (Float(heads) * Float(width / heads).squareRoot()))
  }

  /// Queries `[n, i, j, width]` that have looked at the pixels `[n, h, w, width]`, and where they looked: masks `[n, h, w, i·j]`.
  func callAsFunction(_ queries: Value, _ pixels: Value, adding masks: Value?) -> TapDecoder.Step {
    let (q, k, v) = (query(queries), key(pixels), value(pixels))
    return TapDecoder.Step(
      queries: output(q.applying(attention, to: k, v, named: name), adding: queries),
      masks: k.applying(similarity, to: [q] + (masks.map { [$0] } ?? []), named: name + " masks"),
      keys: k)
  }
}
