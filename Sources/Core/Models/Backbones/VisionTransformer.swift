/// ViT: "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale", arXiv:2010.11929, figure 1 and table 1,
/// with timm's names and without its last norm.
///
/// All features have output stride 16: they are the outputs of four layers, without the class token, which goes through all layers.
/// Where a picture is no multiple of the patches of 16×16, zeros fill it up at the right and the bottom. The embedding of positions
/// is that of pictures of 384×384 and is resized where the grid differs.
///
/// For SegViT (arXiv:2210.05844, §3.2 and figure 3) the grid may be halved behind a third of the layers: c4 and c5 then have
/// output stride 32.
public struct VisionTransformer: Backbone {
  let patches: Conv
  let classToken, positions: Embedding
  let layers: [TransformerLayer]
  private let taps: [Int]
  private let halvedAfter: Int?

  /// The width of the layers, four times.
  public let channels: PyramidChannels

  /// LayerNorm's ε.
  static let epsilon: Float = 1e-6
  /// Pixels of a patch's side.
  static let patch = 16
  /// Patches of a side of the pictures that the positions were trained on.
  static let grid = 24

  /// Where the patches lie: on one grid, or on its half from a third of the layers on.
  public enum Form: Sendable, Hashable { case whole, halved }

  /// One of the networks: layers, channels, heads, and the layers, counted from 1, whose outputs are c2 … c5.
  ///
  /// The last three are those that SegViT's masks see (its table 5), the first makes four of them.
  public struct Size: Sendable {
    let depth, width, heads: Int
    private let taps: [Int]

    /// The paper's B and L.
    public static let base = Size(depth: 12, width: 768, heads: 12, taps: [3, 6, 8, 12])
    /// Twice as deep.
    public static let large = Size(depth: 24, width: 1024, heads: 16, taps: [4, 8, 16, 24])

    private init(depth: Int, width: Int, heads: Int, taps: [Int]) {
      (self.depth, self.width, self.heads, self.taps) = (depth, width, heads, taps)
    }

    /// The layers whose outputs are c2 … c5; where the grid is halved, it is so behind the second of them.
    func taps(_ form: Form) -> [Int] {
      form == .whole ? taps : [1, 2, 4, 6].map { $0 * depth / 6 }
    }
  }

  /// Reads `patch_embed.proj`, `cls_token`, `pos_embed` and `blocks.{i}`.
  public init(_ size: Size, _ weights: Weights, _ form: Form = .whole) {
    let width = size.width
    taps = size.taps(form)
    halvedAfter = form == .halved ? taps[1] : nil
    patches = Conv(
      weights["patch_embed.proj"], ConvolutionGeometry(3, width, patch: Self.patch, .padded))
    classToken = Embedding(weights, "cls_token", [1, 1, width])
    positions = Embedding(weights, "pos_embed", [1, 1 + Self.grid * Self.grid, width])
    layers = (0..<size.depth).map {
      TransformerLayer(weights["blocks"][$0], width, heads: size.heads)
    }
    channels = PyramidChannels(Array(repeating: width, count: 4))
  }

  /// c2 … c5 are the outputs of four layers, on the grid of the patches or its half.
  public func callAsFunction(_ image: Value) -> FeaturePyramid {  // 384 × 384 × 3
    let patches = patches(image)  // 24 × 24 × 768
    var grid = TokenGrid(height: patches.shape.h, width: patches.shape.w)
    var x = sequence(patches, grid)  // 577 × 768
    var c: [Value] = []
    for (number, layer) in zip(1..., layers) {
      if number - 1 == halvedAfter {
        (x, grid) = (layer.halving(x, of: grid), grid.half)
      } else {
        x = layer(x)
      }
      if taps.contains(number) { c.append(grid.patches(of: x, named: layer.name)) }
    }
    return FeaturePyramid(c, norms: [])
  }

  /// The class token, then the patches, each with its position added.
  private func sequence(_ patches: Value, _ grid: TokenGrid) -> Value {
    let name = self.patches.name
    let first = classToken(grid: (1, 1), resizedTo: (1, 1), forEachOf: patches)
      .summed(
        with: positions(grid: (1, 1), resizedTo: (1, 1), forEachOf: patches), named: name)
    let others = patches.summed(
      with: positions(
        from: 1, grid: (Self.grid, Self.grid), resizedTo: (grid.height, grid.width),
        forEachOf: patches), named: name)
    return first.applying(TokenSequence(), to: others, named: name)
  }
}

/// The grid of a sequence's patches, which come behind a class token.
struct TokenGrid {
  let height, width: Int

  /// The patches of a sequence `[n, 1, 1 + h·w, c]` as a map `[n, h, w, c]`.
  func patches(of x: Value, named name: String) -> Value {
    x.applying(TokenSlice(from: 1, height: height, width: width), named: name)
  }

  /// Every second row and column, the first included.
  var half: TokenGrid { TokenGrid(height: (height + 1) / 2, width: (width + 1) / 2) }

  /// The sequence of the class token and the half grid's patches.
  func halved(_ x: Value, named name: String) -> Value {
    x.applying(TokenSlice(from: 0, height: 1, width: 1), named: name)
      .applying(
        TokenSequence(),
        to: patches(of: x, named: name).pooled(
          Pooling(.max, kernel: 1, stride: 2), named: name + " nearest"), named: name)
  }
}
