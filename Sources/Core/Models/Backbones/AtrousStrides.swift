/// How a network is made to keep a finer grid than it was designed for: a stride that would lead beyond the limit becomes
/// dilation, so that every kernel after it still sees the pixels that it would have seen.
///
/// "Rethinking Atrous Convolution for Semantic Image Segmentation" (arXiv:1706.05587), section 3.1.
struct AtrousStrides {
  /// The output stride at which strides end.
  let limit: Int
  /// The output stride so far.
  private(set) var reached: Int
  /// The dilation of kernels from here on.
  private(set) var dilation = 1

  /// Strides from an output stride of `reached` on.
  init(limit: Int, reached: Int) {
    self.limit = limit
    self.reached = reached
  }

  /// What becomes of a designed `stride`: 1 beyond the limit, where ``dilation`` grows instead.
  mutating func take(_ stride: Int) -> Int {
    guard reached * stride > limit else {
      reached *= stride
      return stride
    }
    dilation *= stride
    return 1
  }
}
