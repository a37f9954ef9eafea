/// An upsampler and the attention behind it.
struct Student: Sendable {
  let upsampler: any Upsampler
  let axial: AxialRefinement?

  var outputStride: Int { upsampler.outputStride }

  /// `nil` where the configuration has no upsampler.
  init?(
    _ weights: Weights, _ c: ModelConfiguration, _ channels: PyramidChannels, outputStride: Int
  ) {
    guard let row = c.upsampler.row else { return nil }
    upsampler = row.upsampler(weights["upsampler"], channels, outputStride, c)
    axial =
      c.isAxial ? AxialRefinement(weights["axial"], width: c.width, heads: c.axialHeads) : nil
  }

  /// The upsampler's output, which the attention refines.
  func upsampled(
    _ features: FeaturePyramid, guide: Value?, image: Value, without ablation: Ablation
  ) -> Value {
    upsampler(
      features, guide: guide, imageHeight: image.shape.h, imageWidth: image.shape.w,
      without: ablation)
  }
}
