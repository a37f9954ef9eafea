/// The residual block of "Deep Residual Learning for Image Recognition" (arXiv:1512.03385), figure 5 right:
/// 1×1 reduce, 3×3, 1×1 expand, plus the input.
struct Bottleneck: Sendable {
  let name: String
  let reduce, middle, expand: ConvBN
  /// Whether the input reaches the sum by way of a 2×2 average.
  let isPooled: Bool
  /// 1×1 convolution and batch norm of the input where channels change, or sizes without an average.
  let projection: ConvBN?

  /// A block from `inputs` to 4·`width` channels; `stride` and `dilation` are those of the 3×3.
  ///
  /// With `pooling` a strided block averages its input on the way to the sum, as in DeepLab's "beta" networks and in
  /// ResNet-D.
  init(
    _ weights: Weights, _ inputs: Int, width: Int, stride: Int = 1, dilation: Int = 1,
    epsilon: Double, pooling isPooling: Bool = false
  ) {
    name = weights.path
    reduce = ConvBN(
      weights, ConvolutionGeometry(inputs, width), epsilon: epsilon, conv: "conv1", norm: "bn1")
    middle = ConvBN(
      weights, ConvolutionGeometry(width, width, kernel: 3, stride: stride, dilation: dilation),
      epsilon: epsilon, conv: "conv2", norm: "bn2")
    expand = ConvBN(
      weights, ConvolutionGeometry(width, 4 * width), epsilon: epsilon, conv: "conv3", norm: "bn3")
    isPooled = isPooling && stride == 2
    let skippedStride = isPooled ? 1 : stride
    projection =
      inputs == 4 * width && skippedStride == 1
      ? nil
      : ConvBN(
        weights, ConvolutionGeometry(inputs, 4 * width, stride: skippedStride), .identity,
        epsilon: epsilon, conv: "downsample.0", norm: "downsample.1")
  }

  /// relu(expand(middle(reduce(x))) + shortcut(x)).
  func callAsFunction(_ x: Value) -> Value {
    var skipped = isPooled ? x.pooled(.shortcut, named: name + ".shortcut") : x
    if let projection { skipped = projection(skipped) }
    return expand(middle(reduce(x)), adding: skipped)
  }
}
