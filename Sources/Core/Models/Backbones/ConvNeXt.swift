/// ConvNeXt: "A ConvNet for the 2020s", arXiv:2201.03545, figure 4 and table 9, with timm's names.
///
/// Where a grid is no multiple of its patches (4×4 pixels of the picture, then 2×2 three times), zeros fill it up at the right and
/// the bottom, so that grids are rounded up as in every ``Backbone``. PyTorch's libraries crop: ``PatchEdge/cropped``. HFGD's authors, in
/// TensorFlow, share the zeros out (at 513 pixels one at the left and the top, two at the right and the bottom); here pretrained
/// patches stay at the picture's corner, where torchvision's and timm's are at multiples of 4.
public struct ConvNeXt: Backbone {
  let stem: Conv
  let stemNorm: Norm
  let stages: [ConvNeXtStage]
  let outputNorms: [Norm]

  /// The widths of the four stages.
  public let channels: PyramidChannels

  /// LayerNorm's ε.
  static let epsilon: Float = 1e-6

  /// One of the networks: blocks and channels of the four stages.
  public struct Size: Sendable {
    let blocks: [Int]
    let widths: [Int]

    /// The paper's T, S, B and L.
    public static let tiny = Size(blocks: [3, 3, 9, 3], widths: [96, 192, 384, 768])
    /// As deep as B, as wide as T.
    public static let small = Size(blocks: [3, 3, 27, 3], widths: [96, 192, 384, 768])
    /// 128 to 1024 channels.
    public static let base = Size(blocks: [3, 3, 27, 3], widths: [128, 256, 512, 1024])
    /// 192 to 1536 channels.
    public static let large = Size(blocks: [3, 3, 27, 3], widths: [192, 384, 768, 1536])
  }

  /// Reads `stem` and `stages.{0…3}`, and `norm{0…3}` where the outputs are normalised.
  public init(
    _ size: Size, _ weights: Weights, edge: PatchEdge = .padded, hasOutputNorms: Bool = false
  ) {
    let widths = size.widths
    stem = Conv(weights["stem.0"], ConvolutionGeometry(3, widths[0], patch: 4, edge))
    stemNorm = Norm(weights["stem.1"], widths[0], epsilon: Self.epsilon)
    stages = (0..<4).map { s in
      ConvNeXtStage(
        weights["stages"][s], s > 0 ? widths[s - 1] : nil, widths[s], blocks: size.blocks[s], edge)
    }
    outputNorms =
      hasOutputNorms
      ? (0..<4).map { Norm(weights["norm\($0)"], widths[$0], epsilon: Self.epsilon) } : []
    channels = PyramidChannels(widths)
  }

  /// c2 … c5 are the outputs of the four stages.
  public func callAsFunction(_ image: Value) -> FeaturePyramid {  // 513 × 513 × 3
    var x = stemNorm(stem(image))  // 129 × 129 × 96
    let c = stages.map { stage in
      x = stage(x)
      return x
    }
    return FeaturePyramid(c, norms: outputNorms)  // 129, 65, 33, 17
  }
}

/// A stage: LayerNorm and a 2×2 convolution of stride 2, except for the first, then blocks.
struct ConvNeXtStage: Sendable {
  let downsample: (norm: Norm, convolution: Conv)?
  let blocks: [ConvNeXtBlock]

  init(_ weights: Weights, _ inputs: Int?, _ width: Int, blocks count: Int, _ edge: PatchEdge) {
    downsample = inputs.map { inputs in
      let w = weights["downsample"]
      return (
        Norm(w[0], inputs, epsilon: ConvNeXt.epsilon),
        Conv(w[1], ConvolutionGeometry(inputs, width, patch: 2, edge))
      )
    }
    blocks = (0..<count).map { ConvNeXtBlock(weights["blocks"][$0], width) }
  }

  /// `[n, h, w, inputs]` → `[n, h/2, w/2, width]`, rounded as the edge says; the first stage keeps its grid.
  func callAsFunction(_ x: Value) -> Value {
    let start = downsample.map { $0.convolution($0.norm(x)) } ?? x
    return blocks.reduce(start) { $1($0) }
  }
}

/// Figure 4, right: 7×7 depthwise, LayerNorm, 1×1 to four times the width, GELU, 1×1 back, times γ, plus the input.
struct ConvNeXtBlock: Sendable {
  let depthwise: Conv
  let norm: Norm
  let expand, project: Conv

  init(_ weights: Weights, _ width: Int) {
    depthwise = Conv(
      weights["conv_dw"], ConvolutionGeometry(width, width, kernel: 7, groups: width))
    norm = Norm(weights["norm"], width, epsilon: ConvNeXt.epsilon)
    expand = Conv(linear: weights["mlp.fc1"], width, 4 * width, .gelu)
    project = Conv(linear: weights["mlp.fc2"], 4 * width, width, scale: weights["gamma"])
  }

  /// x + γ · project(expand(norm(depthwise(x)))), `[n, h, w, width]`.
  func callAsFunction(_ x: Value) -> Value {
    project(expand(norm(depthwise(x))), adding: x)
  }
}
