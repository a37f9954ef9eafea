/// SegViT's decoder: "SegViT: Semantic Segmentation with Plain Vision Transformers", arXiv:2210.05844, figure 2 and §3.2.
///
///     class queries ─ tap 0 (c5) ─ tap 1 (c4) ─ tap 2 (c3) ─ queries of the picture ─ linear ─ classes of the masks
///                        └─ masks ─── + masks ──── + masks
///
/// Each class has a query. The queries look for their classes in the features of three layers, the last one first; how like a
/// pixel is to a query is its place in the query's mask. Masks add up from tap to tap.
struct SegViT: MaskDecoder {
  let queries: QuerySet
  let taps: [TapDecoder]
  let classes: Conv

  /// LayerNorm's ε in the decoder.
  static let epsilon: Float = 1e-5
  /// Channels of a head of its attention.
  static let headWidth = 32
  /// Decoder layers of a tap.
  static let depth = 3

  /// The decoder of features of `channels`, for `count` classes.
  init(_ weights: Weights, _ channels: PyramidChannels, width: Int, classes count: Int) {
    queries = QuerySet(weights["queries"], count, width)
    taps = zip(0..., [channels.c5, channels.c4, channels.c3]).map {
      TapDecoder(weights["taps"][$0], from: $1, width)
    }
    classes = Conv(linear: weights["classes"], width, count + 1)
  }

  /// A group for each tap, from c5 to c3, whose masks add up.
  func callAsFunction(_ features: FeaturePyramid) -> [MaskGroup] {
    var queries = queries(forEachOf: features.c5)  // K × C/2
    var groups: [MaskGroup] = []
    for (tap, c) in zip(taps, [features.c5, features.c4, features.c3]) {  // H/16 × W/16 × C
      let step = tap(queries, c, adding: groups.last?.masks)
      queries = step.queries
      groups.append(MaskGroup(step, classes: classes(queries)))
    }
    return groups
  }
}

/// Learned queries, one for each class.
struct QuerySet: Sendable {
  private let count: Int
  private let rows: Embedding

  init(_ weights: Weights, _ count: Int, _ width: Int) {
    self.count = count
    rows = Embedding(weights, "weight", [count, width])
  }

  /// The queries `[K, width]`, row by row; `nil` in training and in an outline.
  var values: [Float]? { rows.values }

  /// The queries `[n, 1, K, width]`, the same for each picture.
  func callAsFunction(forEachOf features: Value) -> Value {
    rows(grid: (1, count), resizedTo: (1, count), forEachOf: features)
  }
}
