import TestSupport
import Testing

@testable import Core

/// ConvNeXt and Swin apart from any decoder; their numbers are compared with PyTorch's in `ModelGoldenTests`.
@Suite("Backbones")
struct BackboneTests {
  typealias Kind = ModelConfiguration.BackboneKind

  /// timm's counts without the classifier and the norm before it.
  @Test(
    "have the sizes of the papers",
    arguments: [
      (Kind.convnextTiny, 27_818_592), (.convnextSmall, 49_453_152), (.convnextBase, 87_564_416),
      (.convnextLarge, 196_227_264), (.swinTiny, 27_517_818), (.swinSmall, 48_835_722),
      (.swinBase, 86_741_176), (.swinLarge, 195_195_444),
    ])
  func sizes(_ kind: Kind, parameters: Int) {
    let outline = WeightOutline()
    let weights = Weights(outline)
    let network = kind.network(weights)
    weights.makeLayers(threads: Threads(1))
    #expect(network.features(of: Shape(h: 65, w: 33, c: 3)).map(\.c) == network.channels.all)
    #expect(outline.requests.map(\.count).reduce(0, +) == parameters)
  }

  static let small: [String: @Sendable (Weights, PatchEdge, Bool) -> any Backbone] = [
    "ConvNeXt": {
      ConvNeXt(
        ConvNeXt.Size(blocks: [1, 1, 2, 1], widths: [8, 16, 20, 32]), $0, edge: $1,
        hasOutputNorms: $2)
    },
    "Swin": {
      Swin(
        Swin.Size(width: 8, blocks: [2, 2, 2, 2], heads: [1, 2, 2, 4], window: 4), $0, edge: $1,
        hasOutputNorms: $2)
    },
  ]

  /// Sizes of 32k + 1 make whole grids; others are rounded up, or, where patches are cropped, down.
  @Test(arguments: ["ConvNeXt", "Swin"])
  func grids(_ name: String) throws {
    let make = try #require(Self.small[name])
    func grids(_ height: Int, _ width: Int, _ edge: PatchEdge) -> [[Int]] {
      make(Weights(WeightOutline()), edge, false).features(of: Shape(h: height, w: width, c: 3))
        .map { [$0.h, $0.w] }
    }
    #expect(grids(513, 257, .padded) == [[129, 65], [65, 33], [33, 17], [17, 9]])
    #expect(grids(97, 131, .padded) == [[25, 33], [13, 17], [7, 9], [4, 5]])
    #expect(grids(1, 2, .padded) == [[1, 1], [1, 1], [1, 1], [1, 1]])
    #expect(grids(97, 131, .cropped)[0] == [24, 32])
    // Merged patches of Swin are always filled up.
    #expect(grids(360, 480, .cropped)[3] == (name == "Swin" ? [12, 15] : [11, 15]))
  }

  /// What the norms behind the stages make of the outputs is a LayerNorm of them.
  @Test(arguments: ["ConvNeXt", "Swin"])
  func outputNorms(_ name: String) throws {
    let make = try #require(Self.small[name])
    func features(_ hasNorms: Bool) throws -> [Tensor] {
      let weights = Weights(RandomWeights(seed: 3))
      let image = Trace().input(Shape(h: 41, w: 70, c: 3))
      let backbone = make(weights, .padded, hasNorms)
      let c = backbone(image)
      let program = Program(computing: [c.c2, c.c3, c.c4, c.c5], from: image, threads: Threads(2))
      let x = Tensor.random(image.shape, "x")
      return try program.run(in: Arena()) {
        $0.base.update(from: x.values, count: x.shape.count)
      } read: {
        $0.map(Tensor.init(copying:))
      }
    }
    let (plain, normalised) = (try features(false), try features(true))
    for (s, (x, y)) in zip(plain, normalised).enumerated() {
      let norm = Weights(RandomWeights(seed: 3))["norm\(s)"]
      let expected = layerNormReference(
        x, weight: norm.tensor("weight", [x.shape.c], .normWeight),
        bias: norm.tensor("bias", [x.shape.c], .normBias),
        epsilon: name == "Swin" ? 1e-5 : 1e-6)
      #expect(disagreement(y, expected) < operationTolerance)
    }
  }
}

extension PyramidChannels {
  fileprivate var all: [Int] { [c2, c3, c4, c5] }
}

extension Backbone {
  /// The shapes of c2 … c5.
  fileprivate func features(of image: Shape) -> [Shape] {
    let c = self(Trace().input(image))
    return [c.c2, c.c3, c.c4, c.c5].map(\.shape)
  }
}
