/// Swin: "Swin Transformer: Hierarchical Vision Transformer using Shifted Windows", arXiv:2103.14030, figure 3 and table 7, with
/// timm's names.
///
/// Where a grid is no multiple of its patches (4×4 pixels of the picture, then 2×2 three times), zeros fill it up at the right and the
/// bottom, as in mmsegmentation and transformers; torchvision's patches of 4×4 crop (``PatchEdge/cropped``). Windows past the edge
/// hold tokens of zeros behind the first norm, as in all of these.
public struct Swin: Backbone {
  let patches: Conv
  let patchNorm: Norm
  let stages: [SwinStage]
  let outputNorms: [Norm]

  /// The widths of the four stages.
  public let channels: PyramidChannels

  /// LayerNorm's ε.
  static let epsilon: Float = 1e-5

  /// One of the networks: the width of the first stage, blocks and heads of the four stages, pixels of a window's side.
  public struct Size: Sendable {
    let width: Int
    let blocks: [Int]
    let heads: [Int]
    let window: Int

    /// The paper's T, S and B for pictures of 224×224, L for 384×384.
    public static let tiny = Size(
      width: 96, blocks: [2, 2, 6, 2], heads: [3, 6, 12, 24], window: 7)
    /// Three times as deep in the third stage.
    public static let small = Size(
      width: 96, blocks: [2, 2, 18, 2], heads: [3, 6, 12, 24], window: 7)
    /// 128 to 1024 channels.
    public static let base = Size(
      width: 128, blocks: [2, 2, 18, 2], heads: [4, 8, 16, 32], window: 7)
    /// 192 to 1536 channels, windows of 12×12.
    public static let large = Size(
      width: 192, blocks: [2, 2, 18, 2], heads: [6, 12, 24, 48], window: 12)
  }

  /// Reads `patch_embed` and `layers.{0…3}`, and `norm{0…3}` where the outputs are normalised.
  public init(
    _ size: Size, _ weights: Weights, edge: PatchEdge = .padded,
    shift: WindowShift = .torchvision, hasOutputNorms: Bool = false
  ) {
    let widths = (0..<4).map { size.width << $0 }
    let embedding = weights["patch_embed"]
    patches = Conv(embedding["proj"], ConvolutionGeometry(3, widths[0], patch: 4, edge))
    patchNorm = Norm(embedding["norm"], widths[0], epsilon: Self.epsilon)
    stages = (0..<4).map { s in
      SwinStage(
        weights["layers"][s], s > 0 ? widths[s - 1] : nil, widths[s], blocks: size.blocks[s],
        heads: size.heads[s], window: size.window, shift)
    }
    outputNorms =
      hasOutputNorms
      ? (0..<4).map { Norm(weights["norm\($0)"], widths[$0], epsilon: Self.epsilon) } : []
    channels = PyramidChannels(widths)
  }

  /// c2 … c5 are the outputs of the four stages, before the next one merges patches.
  public func callAsFunction(_ image: Value) -> FeaturePyramid {  // 513 × 513 × 3
    var x = patchNorm(patches(image))  // 129 × 129 × 96
    let c = stages.map { stage in
      x = stage(x)
      return x
    }
    return FeaturePyramid(c, norms: outputNorms)  // 129, 65, 33, 17
  }
}

/// A stage: patch merging, except for the first, then blocks, of which every second one has its windows shifted.
struct SwinStage: Sendable {
  let merging: SwinMerging?
  let blocks: [SwinBlock]

  init(
    _ weights: Weights, _ inputs: Int?, _ width: Int, blocks count: Int, heads: Int, window: Int,
    _ rule: WindowShift
  ) {
    merging = inputs.map { SwinMerging(weights["downsample"], $0) }
    blocks = (0..<count).map { b in
      SwinBlock(
        weights["blocks"][b], width, heads: heads, window: window,
        shift: b % 2 == 0 ? 0 : window / 2, rule)
    }
  }

  /// `[n, h, w, inputs]` → `[n, h/2, w/2, width]`, rounded up; the first stage keeps its grid.
  func callAsFunction(_ x: Value) -> Value {
    blocks.reduce(merging.map { $0(x) } ?? x) { $1($0) }
  }
}

/// Patch merging (§3.1): 2×2 pixels side by side, LayerNorm, a linear layer to twice the width.
struct SwinMerging: Sendable {
  let norm: Norm
  let reduction: Conv

  init(_ weights: Weights, _ width: Int) {
    norm = Norm(weights["norm"], 4 * width, epsilon: Swin.epsilon)
    reduction = Conv(linear: weights["reduction"], 4 * width, 2 * width, hasBias: false)
  }

  /// `[n, h, w, width]` → `[n, h/2, w/2, 2·width]`, rounded up.
  func callAsFunction(_ x: Value) -> Value {
    reduction(norm(x.applying(PatchMerging(), named: reduction.name + " patches")))
  }
}
