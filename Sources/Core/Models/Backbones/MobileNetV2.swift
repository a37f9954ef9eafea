/// "MobileNetV2: Inverted Residuals and Linear Bottlenecks", arXiv:1801.04381, table 2, with torchvision's names.
///
/// At output stride 16 or 8 the last strides become dilation, from the block after theirs on.
public struct MobileNetV2: Backbone {
  let stem: ConvBN
  let blocks: [InvertedResidual]
  let last: ConvBN

  /// 24, 32, 96 and 1280.
  public let channels = PyramidChannels(c2: 24, c3: 32, c4: 96, c5: 1280)
  static let epsilon = 1e-5

  /// Table 2 of the paper: expansion t, channels c, repetitions n, stride s of the first.
  private static let table: [(t: Int, c: Int, n: Int, s: Int)] = [
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
  ]

  /// Reads `features.{0…18}`.
  public init(_ weights: Weights, _ form: BackboneForm = BackboneForm()) {
    let features = weights["features"]
    stem = ConvBN(
      features[0], ConvolutionGeometry(3, 32, kernel: 3, stride: 2), .relu6, epsilon: Self.epsilon,
      conv: "0", norm: "1")
    var blocks: [InvertedResidual] = []
    var channels = 32
    var atrous = AtrousStrides(limit: form.stride, reached: 2)
    for row in Self.table {
      for repetition in 0..<row.n {
        let dilation = atrous.dilation
        blocks.append(
          InvertedResidual(
            features[blocks.count + 1], channels, row.c, expansion: row.t,
            stride: atrous.take(repetition == 0 ? row.s : 1), dilation: dilation))
        channels = row.c
      }
    }
    self.blocks = blocks
    last = ConvBN(
      features[18], ConvolutionGeometry(channels, 1280), .relu6, epsilon: Self.epsilon, conv: "0",
      norm: "1")
  }

  /// c2 … c5 are the outputs of features 3, 6, 13 and 18, the last at each stride.
  public func callAsFunction(_ image: Value) -> FeaturePyramid {  // 513 × 513 × 3
    var x = stem(image)  // 257 × 257 × 32
    let c = blocks.map { block in
      x = block(x)
      return x
    }
    return FeaturePyramid(c2: c[2], c3: c[5], c4: c[12], c5: last(x))  // 129, 65, 33, 17
  }
}

/// The paper's figure 3(b): expand by t, filter each channel, project linearly; input added where shapes allow.
struct InvertedResidual: Sendable {
  let expand: ConvBN?
  let depthwise, project: ConvBN
  let hasShortcut: Bool

  init(
    _ weights: Weights, _ inputs: Int, _ outputs: Int, expansion: Int, stride: Int, dilation: Int
  ) {
    let w = weights["conv"]
    let width = inputs * expansion
    let epsilon = MobileNetV2.epsilon
    expand =
      expansion == 1
      ? nil
      : ConvBN(
        w, ConvolutionGeometry(inputs, width), .relu6, epsilon: epsilon, conv: "0.0", norm: "0.1")
    let next = expansion == 1 ? 0 : 1
    depthwise = ConvBN(
      w,
      ConvolutionGeometry(
        width, width, kernel: 3, stride: stride, dilation: dilation, groups: width),
      .relu6, epsilon: epsilon, conv: "\(next).0", norm: "\(next).1")
    project = ConvBN(
      w, ConvolutionGeometry(width, outputs), .identity, epsilon: epsilon, conv: "\(next + 1)",
      norm: "\(next + 2)")
    hasShortcut = stride == 1 && inputs == outputs
  }

  /// `[n, h, w, inputs]` → `[n, h/stride, w/stride, outputs]`, rounded up; x is added where the two are alike.
  func callAsFunction(_ x: Value) -> Value {
    let expanded = expand.map { $0(x) } ?? x
    return project(depthwise(expanded), adding: hasShortcut ? x : nil)
  }
}
