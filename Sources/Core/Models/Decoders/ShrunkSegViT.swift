/// The decoder of SegViT's shrunk form: query-based up-sampling and one attention-to-mask decoder, arXiv:2210.05844, figure 3(c).
///
///     pixel queries ─ decoder 0 (c3, H/16) ─ decoder 1 (c5, H/32) ─ pixels, H/16
///                                             class queries ─ decoder ─ masks and classes of each layer
///
/// A query for each pixel of the finer grid finds its features in a layer before the backbone halves its grid, and in the last. The
/// masks of the last decoder layer are the prediction.
struct ShrunkSegViT: MaskDecoder {
  let pixelQueries: Embedding
  let upsampling: [TapDecoder]
  let queries: QuerySet
  let tap: TapDecoder
  let classes: Conv
  private let grid: Int

  /// The decoder of features of `channels`, for `count` classes; its pixels were learned on a square `grid`.
  init(_ weights: Weights, _ channels: PyramidChannels, width: Int, classes count: Int, grid: Int) {
    self.grid = grid
    pixelQueries = Embedding(weights["grid"], "weight", [grid * grid, width])
    upsampling = zip(0..., [channels.c3, channels.c5]).map {
      TapDecoder(weights["up"][$0], from: $1, width)
    }
    queries = QuerySet(weights["queries"], count, width)
    tap = TapDecoder(weights["taps"][0], width)
    classes = Conv(linear: weights["classes"], width, count + 1)
  }

  /// A group for each layer of the one tap, on the grid of c3.
  func callAsFunction(_ features: FeaturePyramid) -> [MaskGroup] {
    let c3 = features.c3  // H/16 × W/16 × C
    var pixels = pixelQueries(
      grid: (grid, grid), resizedTo: (c3.shape.h, c3.shape.w), forEachOf: c3)
    for (decoder, c) in zip(upsampling, [c3, features.c5]) {
      pixels = decoder(pixels, c, adding: nil).queries  // H/16 × W/16 × C/2
    }
    return tap.steps(queries(forEachOf: c3), pixels).map {
      MaskGroup($0, classes: classes($0.queries))
    }
  }
}
