/// The residual block of "Deep Residual Learning for Image Recognition" (arXiv:1512.03385), figure 5 right:
/// 1×1 reduce, 3×3, 1×1 expand, plus the input.
struct Bottleneck: Sendable {
  /// How the input reaches the sum.
  enum Shortcut: Sendable {
    case identity
    /// 1×1 convolution and batch norm: where channels (or, in torchvision, sizes) change.
    case projection(ConvBN)
    /// 2×2 average pooling: the strided last block of a stage in DeepLab's "beta" networks.
    case averagePool
  }

  let name: String
  let reduce, middle, expand: ConvBN
  let shortcut: Shortcut

  /// A block from `inputs` to 4·`width` channels; `stride` and `dilation` are those of the 3×3.
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
    if isPooling {
      shortcut = .averagePool
    } else if inputs == 4 * width && stride == 1 {
      shortcut = .identity
    } else {
      shortcut = .projection(
        ConvBN(
          weights, ConvolutionGeometry(inputs, 4 * width, stride: stride), .identity,
          epsilon: epsilon, conv: "downsample.0", norm: "downsample.1"))
    }
  }

  /// relu(expand(middle(reduce(x))) + shortcut(x)).
  func callAsFunction(_ x: Value) -> Value {
    let skipped =
      switch shortcut {
      case .identity: x
      case .projection(let projection): projection(x)
      case .averagePool: x.pooled(.shortcut, named: name + ".shortcut")
      }
    return expand(middle(reduce(x)), adding: skipped)
  }
}
