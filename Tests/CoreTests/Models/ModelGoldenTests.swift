import Foundation
import TestSupport
import Testing

@testable import Core

/// Whole models against PyTorch in double precision; `python/make_goldens.py` made the files.
@Suite("Model goldens")
struct ModelGoldenTests {
  /// The presets that there are goldens of.
  static let presets =
    (try? FileManager.default.contentsOfDirectory(
      atPath: TestFiles.goldens + "/models"))?
    .compactMap { ModelConfiguration.preset(named: $0.replacing(".safetensors", with: "")) }
    .sorted { $0.name < $1.name } ?? []

  @Test func everyPartHasAGolden() {
    #expect(
      Set(Self.presets.map(\.upsampler)) == Set(ModelConfiguration.UpsamplerKind.allCases))
    #expect(
      Set(Self.presets.compactMap(\.decoder)) == Set(ModelConfiguration.DecoderKind.allCases))
    #expect(Set(Self.presets.map(\.context)) == Set(ModelConfiguration.ContextKind.allCases))
    #expect(
      Set(Self.presets.map(\.backbone)).union([.swinLarge, .vitLarge])
        == Set(ModelConfiguration.presets.map(\.backbone)))
  }

  /// PyTorch's own float32 is up to 1.3e-6 away from these goldens; ``directTolerance`` is the project's bound.
  @Test("agree with the PyTorch twin", arguments: presets.map(\.name))
  func agreement(preset: String) throws {
    let configuration = try #require(ModelConfiguration.preset(named: preset))
    try compare(
      configuration, with: preset,
      outputs: configuration.isGuided
        ? ["teacher", "student"]
        : configuration.hasAuxiliary ? ["auxiliary", "student"] : ["student"])
  }

  /// The second student beside the first.
  @Test func refinedAgreement() throws {
    var configuration = try #require(ModelConfiguration.preset(named: "hfgd-mobilenet_v2-os4"))
    configuration.refineStride = 2
    try compare(
      configuration, with: "hfgd-mobilenet_v2-os4-refined",
      outputs: ["teacher", "student", "refined"])
  }

  /// Compares the stages of a model, coarse to fine, with the tensors `outputs` of a golden file.
  private func compare(
    _ configuration: ModelConfiguration, with golden: String, outputs: [String]
  ) throws {
    let file = try SafeTensors(path: TestFiles.goldens + "/models/\(golden).safetensors")
    let recipe = try JSON(#require(file.metadata["golden"]))
    let seed = try #require(recipe["seed"]?.string.flatMap(UInt64.init))
    let model = SegmentationModel(configuration, Weights(RandomWeights(seed: seed)))

    let input = Self.input(seed: seed, h: 65, w: 33)
    let image = Trace().input(input.shape)
    let prediction = model(image)
    let (stages, group) = (prediction.stages, prediction.groups.last)
    let program = Program(
      computing: stages.map(\.logits) + (group.map { [$0.masks, $0.classes] } ?? []), from: image,
      threads: Threads(2))
    let values = try program.run(
      in: Arena(), write: { $0.base.update(from: input.values, count: input.shape.count) },
      read: { $0.map(Tensor.init(copying:)) })

    #expect(outputs.count == stages.count)
    for ((name, tensor), stage) in zip(zip(outputs, values), stages) {
      let expected = try file.floats(name)
      // Every second row and column is stored of what stands at output stride 2, every eighth of whole pictures.
      let sampled = tensor.every([1: 8, 2: 2][stage.outputStride] ?? 1)
      #expect(disagreement(sampled.values, expected) < directTolerance, "\(name) of \(golden)")
    }
    guard group != nil else { return }
    // Of the classes every eighth query's.
    let (masks, classes) = (values[stages.count], values[stages.count + 1].every(8))
    #expect(disagreement(masks.values, try file.floats("masks")) < directTolerance)
    #expect(disagreement(classes.values, try file.floats("classes")) < directTolerance)
  }

  /// The generator's "input", drawn in NCHW order as PyTorch sees it, laid out NHWC.
  static func input(seed: UInt64, h: Int, w: Int) -> Tensor {
    let planes = RandomWeights.uniform("input", seed: seed, count: 3 * h * w)
    var input = Tensor(Shape(h: h, w: w, c: 3))
    for c in 0..<3 {
      for y in 0..<h {
        for x in 0..<w { input[0, y, x, c] = planes[(c * h + y) * w + x] }
      }
    }
    return input
  }
}

extension Tensor {
  /// Every `step`-th row and column.
  fileprivate func every(_ step: Int) -> Tensor {
    let (rows, columns) = ((shape.h + step - 1) / step, (shape.w + step - 1) / step)
    var sampled = Tensor(shape.resized(h: rows, w: columns))
    for y in 0..<rows {
      for x in 0..<columns {
        for c in 0..<shape.c { sampled[0, y, x, c] = self[0, y * step, x * step, c] }
      }
    }
    return sampled
  }
}
