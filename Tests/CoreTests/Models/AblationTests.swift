import TestSupport
import Testing

@testable import Core

@Suite("Ablation")
struct AblationTests {
  private static let presets = ["hfgd-mobilenet_v2-os4", "hfgd-mobilenet_v2-os2"]

  /// Random weights, but those of batch norms at some places, which are silent.
  private final class Silenced: WeightSource {
    let places: [String]

    init(_ places: [String]) { self.places = places }

    func values(of request: TensorRequest) -> [Float] {
      let values = RandomWeights(seed: 4).values(of: request)
      let isSilent = places.contains { request.name.hasPrefix($0) }
      switch request.role {
      case .normWeight, .normBias: return isSilent ? values.map { _ in 0 } : values
      default: return values
      }
    }
  }

  private func logits(
    _ configuration: ModelConfiguration, _ source: any WeightSource, without ablation: Ablation
  ) throws -> [Tensor] {
    let model = SegmentationModel(configuration, Weights(source))
    let segmenter = Segmenter(model, threads: Threads(2), without: ablation)
    let picture = Picture.noise(width: 50, height: 40)
    return try configuration.outputStrides.map {
      try segmenter.logits(of: picture, outputStride: $0)
    }
  }

  /// Without its axial attention a model is the one that never had it; the teacher never changes.
  @Test(arguments: presets) func withoutAxialAttention(preset: String) throws {
    var configuration = try #require(ModelConfiguration.preset(named: preset))
    let ablated = try logits(configuration, RandomWeights(seed: 4), without: .axial)
    let whole = try logits(configuration, RandomWeights(seed: 4), without: [])
    configuration.isAxial = false
    #expect(try ablated == logits(configuration, RandomWeights(seed: 4), without: []))
    #expect(ablated[0] == whole[0] && ablated[1] != whole[1])
  }

  /// Branches that are left out are those whose last layers are silent.
  @Test(
    arguments: presets + ["mmseg_fpn-resnet50_v1c", "fapn+fcn+hfgm-mobilenet_v2"],
    [[0], [1], [2], [3], [0, 2], [1, 2, 3], [0, 1, 2]])
  func withoutLevels(preset: String, levels: [Int]) throws {
    let configuration = try #require(ModelConfiguration.preset(named: preset))
    let ablation = levels.reduce(into: Ablation()) { $0.insert(Ablation.levels[$1]) }
    let ablated = try logits(configuration, RandomWeights(seed: 4), without: ablation)
    let silence = Silenced(levels.map { "upsampler.branch.\($0)." })
    let silenced = try logits(configuration, silence, without: [])
    for (ablated, silenced) in zip(ablated, silenced) {
      #expect(disagreement(ablated, silenced) < directTolerance)
    }
    let whole = try logits(configuration, RandomWeights(seed: 4), without: [])
    #expect(disagreement(try #require(ablated.last), try #require(whole.last)) > 0.01)
  }

  /// Levels side by side: zeros in place of one are what its silenced convolution makes.
  @Test(arguments: [
    ("uper+fcn-mobilenet_v2", Ablation.p3, "upsampler.output.1."),
    ("deeplabv3plus+fcn-mobilenet_v2-d16", .p2, "upsampler.low."),
  ])
  func withoutMaps(preset: String, ablation: Ablation, silent: String) throws {
    let configuration = try #require(ModelConfiguration.preset(named: preset))
    #expect(configuration.removableParts.contains(ablation))
    let ablated = try logits(configuration, RandomWeights(seed: 4), without: ablation)
    #expect(
      try disagreement(ablated[0], logits(configuration, Silenced([silent]), without: [])[0])
        < directTolerance)
    let whole = try logits(configuration, RandomWeights(seed: 4), without: [])
    #expect(disagreement(ablated[0], whole[0]) > 0.01)
  }

  @Test func names() throws {
    #expect(Ablation([.p5, .axial]).description == "axial,p5")
    #expect(Ablation(description: "p5,axial") == [.axial, .p5])
    #expect(Ablation(description: "p6") == nil)
    #expect(Ablation(description: "p2,p3,p4,p5") == nil)
    #expect(Ablation(description: "axial,p2,p3,p4")?.leavesABranch == true)
    let fcn = try #require(ModelConfiguration.preset(named: "fcn-mobilenet_v2"))
    #expect(fcn.removableParts == [])
    let sfpn = try #require(ModelConfiguration.preset(named: "sfpn-mobilenet_v2"))
    #expect(sfpn.removableParts == [.p2, .p3, .p4, .p5])
    let mmseg = try #require(ModelConfiguration.preset(named: "mmseg_fpn-resnet50_v1c"))
    #expect(mmseg.removableParts == [.p2, .p3, .p4, .p5])
  }
}
