/// What brings a backbone's features to one grid, on which the class tokens are multiplied with them.
public protocol Upsampler: Sendable {
  /// Pixels of the image per pixel of the output.
  var outputStride: Int { get }

  /// The upsampled feature `[n, h/stride, w/stride, width]` of an image of this size; `guide` is the context's h, where
  /// there is one.
  ///
  /// The branches of `ablation`, which leaves at least one, have no part in it.
  func callAsFunction(
    _ features: FeaturePyramid, guide: Value?, imageHeight: Int, imageWidth: Int,
    without ablation: Ablation
  ) -> Value
}
