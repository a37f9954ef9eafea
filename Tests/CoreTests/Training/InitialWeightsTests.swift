import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Initial weights")
struct InitialWeightsTests {
  private let configuration = ModelConfiguration.preset(named: "hfgd-mobilenet_v2-os4")

  private func values(
    _ source: InitialWeights, _ name: String, _ shape: [Int], _ role: TensorRole
  ) -> [Float] {
    source.values(of: TensorRequest(name: name, shape: shape, role: role))
  }

  @Test func headsAreGlorots() {
    let weights = InitialWeights(seed: 3)
    let kernel = values(weights, "context.conv.conv.weight", [64, 32, 3, 3], .kernel)
    let bound = Float((6 / Double((64 + 32) * 9)).squareRoot())
    #expect(kernel.allSatisfy { abs($0) <= bound })
    let variance = kernel.map { Double($0 * $0) }.reduce(0, +) / Double(kernel.count)
    #expect(abs(variance - Double(bound * bound) / 3) < 0.02 * Double(bound * bound))
    let tokens = values(weights, "tokens.weight", [11, 256], .kernel)
    let tokenBound = Float((6 / Double(11 + 256)).squareRoot())
    #expect(tokens.allSatisfy { abs($0) <= tokenBound })
    #expect(values(weights, "tokens.bias", [2], .bias) == [0, 0])
    #expect(values(weights, "x.bn.weight", [2], .normWeight) == [1, 1])
    #expect(values(weights, "x.bn.bias", [2], .normBias) == [0, 0])
    #expect(values(weights, "x.bn.running_mean", [2], .runningMean) == [0, 0])
    #expect(values(weights, "x.bn.running_var", [2], .runningVariance) == [1, 1])
    #expect(values(weights, "x.gamma", [2], .layerScale) == [1e-6, 1e-6])
    #expect(values(weights, "x.table", [9, 2], .positionBias).allSatisfy { $0 == 0 })
    #expect(values(InitialWeights(seed: 4), "tokens.weight", [11, 256], .kernel) != tokens)
  }

  /// A deformable convolution starts as an ordinary one, with factors of 1/2.
  @Test func nothingIsDisplacedAtFirst() {
    let weights = InitialWeights(seed: 3)
    let place = "upsampler.align.0.conv"
    let offset = values(weights, place + ".offset.weight", [27, 4, 3, 3], .kernel)
    #expect(offset.allSatisfy { $0 == 0 })
    #expect(values(weights, place + ".weight", [4, 4, 3, 3], .kernel).contains { $0 != 0 })
  }

  @Test func keysStartAsQueriesDo() {
    let weights = InitialWeights(seed: 3)
    let shape = [256, 256, 1, 1]
    let query = values(weights, "axial.query.weight", shape, .kernel)
    #expect(disagreement(values(weights, "axial.key.weight", shape, .kernel), query) == 0)
    #expect(values(weights, "axial.value.weight", shape, .kernel) != query)
    #expect(values(weights, "refine.axial.key.weight", shape, .kernel) != query)
  }

  /// A file of the tensors that the backbone asks for, changed.
  private func file(
    _ change: (inout [(name: String, shape: [Int])]) -> Void
  ) throws -> TensorFile {
    let outline = WeightOutline()
    _ = SegmentationModel(try #require(configuration), Weights(outline))
    var tensors = outline.requests.filter { $0.name.hasPrefix("backbone.") }
      .map { (name: String($0.name.dropFirst("backbone.".count)), shape: $0.shape) }
    change(&tensors)
    var data: [UInt8] = []
    let members = tensors.map { tensor in
      let start = data.count
      let values = RandomWeights.uniform(
        tensor.name, seed: 1, count: tensor.shape.reduce(1, *)
      ) { abs($0) }
      values.withUnsafeBytes { data += $0 }
      return JSON.Member(
        tensor.name,
        .object([
          JSON.Member("dtype", .string("F32")),
          JSON.Member("shape", .array(tensor.shape.map { .int($0) })),
          JSON.Member("data_offsets", .array([.int(start), .int(data.count)])),
        ]))
    }
    let header = Array(JSON.object(members).text.utf8)
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    return TensorFile(
      try SafeTensors(bytes: length + header + data, file: "backbone.safetensors"))
  }

  @Test func backbonesComeFromFiles() throws {
    let configuration = try #require(configuration)
    let shape = [32, 3, 3, 3]
    let expected = RandomWeights.uniform("features.0.0.weight", seed: 1, count: 864) { abs($0) }
    let bare = try file {
      $0 += [
        ("classifier.1.weight", [4, 8]), ("fc.bias", [3]), ("features.0.1.num_batches_tracked", []),
        ("norm.weight", [8]), ("head.fc.weight", [4, 8]),
      ]
    }
    let weights = try InitialWeights(seed: 0, backbone: bare, for: configuration)
    #expect(values(weights, "backbone.features.0.0.weight", shape, .kernel) == expected)
    #expect(values(weights, "tokens.bias", [2], .bias) == [0, 0])

    let prefixed = try file { tensors in
      for i in tensors.indices { tensors[i].name = "backbone." + tensors[i].name }
    }
    let others = try InitialWeights(seed: 0, backbone: prefixed, for: configuration)
    #expect(values(others, "backbone.features.0.0.weight", shape, .kernel) != expected)
    #expect(values(others, "backbone.features.0.0.weight", shape, .kernel).contains { $0 != 0 })
  }

  @Test func everyMisfitIsNamed() throws {
    let broken = try file { tensors in
      tensors.removeAll { $0.name == "features.3.conv.2.weight" }
      tensors.append(("features.19.weight", [2]))
    }
    do {
      _ = try InitialWeights(seed: 0, backbone: broken, for: try #require(configuration))
      Issue.record("the file lacks a tensor")
    } catch let failure as InitialWeightsFailure {
      #expect(
        failure.problems == [
          .missing(name: "backbone.features.3.conv.2.weight", expected: [24, 144, 1, 1]),
          .unused(name: "features.19.weight", shape: [2]),
        ])
    }
  }

  /// The weights that our checkpoints start from.
  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: TestFiles.shared + "/weights"),
      "needs ../shared/weights"))
  func imageNetWeightsFit() throws {
    let file = try SafeTensors(
      path: TestFiles.shared + "/weights/mobilenet_v2-imagenet.safetensors")
    let weights = try InitialWeights(
      seed: 0, backbone: TensorFile(file), for: try #require(configuration))
    #expect(
      values(weights, "backbone.features.18.1.bias", [1280], .normBias)
        == (try file.floats("features.18.1.bias")))
  }
}
