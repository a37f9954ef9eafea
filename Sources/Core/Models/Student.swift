/// An upsampler and the attention behind it; or before the upsampler's end, where the configuration says so.
struct Student: Sendable {
  let upsampler: any Upsampler
  let axial: AxialRefinement?
  let end: BranchEnd?

  var outputStride: Int { upsampler.outputStride }

  /// `nil` where the configuration has no upsampler.
  init?(
    _ weights: Weights, _ c: ModelConfiguration, _ channels: PyramidChannels, outputStride: Int
  ) {
    guard let row = c.upsampler.row else { return nil }
    upsampler = row.upsampler(weights["upsampler"], channels, outputStride, c)
    axial =
      c.isAxial
      ? AxialRefinement(weights["axial"], width: c.width, AxialRefinement.Form(c)) : nil
    end =
      c.alternatives.contains(.axialBeforeEnd)
      ? BranchEnd(weights["upsampler.end"], width: c.width, kernel: c.endKernel) : nil
  }

  /// The upsampler's output s `[n, h/os, w/os, width]`, which the attention refines.
  func upsampled(
    _ features: FeaturePyramid, guide: Value?, image: Value, without ablation: Ablation
  ) -> Value {
    upsampler(
      features, guide: guide, imageHeight: image.shape.h, imageWidth: image.shape.w,
      without: ablation)
  }

  /// The features of the upsampler's output s, of the same shape, which class tokens classify.
  func refined(_ s: Value, without ablation: Ablation) -> Value {
    let x = ablation.contains(.axial) ? s : axial.map { $0(s) } ?? s
    return end.map { $0(x) } ?? x
  }
}
