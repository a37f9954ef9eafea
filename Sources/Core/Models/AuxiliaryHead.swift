/// The auxiliary FCN of HFGD's §5.1, which tells what an upsampler leaves of the backbone's features: an FCN head on c5 with
/// class tokens of its own, beside any model.
struct AuxiliaryHead: Sendable {
  let head: FCNHead
  let tokens: Conv
  private let outputStride: Int

  /// Reads `conv`, `project` and `tokens`.
  init(_ weights: Weights, _ inputs: Int, _ c: ModelConfiguration) {
    head = FCNHead(weights, inputs, inner: c.contextWidth, width: c.width)
    tokens = Conv(tokens: weights["tokens"], c)
    outputStride = c.backboneStride
  }

  /// Its prediction from c5 `[n, h, w, inputs]`: features `[n, h, w, width]` and logits `[n, h, w, classes]`.
  func callAsFunction(_ c5: Value) -> Prediction.Stage {
    let features = head(c5).h
    return Prediction.Stage(
      role: .auxiliary, outputStride: outputStride, attended: nil, features: features,
      logits: tokens(features))
  }
}

extension Conv {
  /// Class tokens: one vector and one bias a class, the 1×1 convolution that ends a model.
  init(tokens weights: Weights, _ c: ModelConfiguration) {
    self.init(
      weights, c.width, c.classes.count, kernelShape: [c.classes.count, c.width],
      keepingWeights: true)
  }
}
