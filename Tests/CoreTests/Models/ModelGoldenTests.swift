import TestSupport
import Testing

@testable import Core

/// Whole models against PyTorch in double precision; `python/make_goldens.py` made the files.
@Suite("Model goldens")
struct ModelGoldenTests {
  /// Names of the presets that there are goldens of in a folder: of one picture of an odd size, and below `even` of two of
  /// an even one, so tall that dilated taps meet data.
  static func names(in folder: String = "") -> [String] {
    TestFiles.goldenNames(in: "models/\(folder)").filter { !$0.contains("-refined") }
      .map { folder + $0 }
  }

  /// Every golden's name is a preset's, and none is missing: of no part, no backbone and no row of the paper's tables.
  @Test func everyModelHasAGolden() throws {
    let odd = try Self.names().map { try #require(ModelConfiguration.preset(named: $0), "\($0)") }
    #expect(Set(odd.map(\.upsampler)) == Set(ModelConfiguration.UpsamplerKind.allCases))
    #expect(Set(odd.compactMap(\.decoder)) == Set(ModelConfiguration.DecoderKind.allCases))
    #expect(Set(odd.map(\.context)) == Set(ModelConfiguration.ContextKind.allCases))
    let alternatives = odd.reduce(into: Set()) { $0.formUnion($1.alternatives) }
    #expect(alternatives == Set(ModelConfiguration.Alternative.allCases))

    let even = Set(Self.names(in: "even/").map { String($0.dropFirst(5)) })
    let backbones = try even.map { try #require(ModelConfiguration.preset(named: $0)).backbone }
    #expect(Set(backbones) == Set(ModelConfiguration.BackboneKind.allCases))
    #expect(even.isSuperset(of: Self.names()))
    for row in PaperTable.all.flatMap(\.rows) {
      // Decoders are compared on MobileNetV2, where they can stand on it.
      let backbone = row.configuration.backbone.rawValue
      let small = row.preset.replacing("-\(backbone)", with: "-mobilenet_v2")
      let name = ModelConfiguration.preset(named: small)?.name ?? row.preset
      #expect(even.contains(name), "\(row.preset)")
    }
  }

  /// PyTorch's own float32 is up to 3.1e-6 away from these goldens; ``directTolerance`` is the project's bound.
  @Test("agree with the PyTorch twin", arguments: names() + names(in: "even/"))
  func agreement(_ golden: String) throws {
    let preset = golden.replacing("even/", with: "")
    let configuration = try #require(ModelConfiguration.preset(named: preset))
    try compare(
      configuration, with: golden,
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

    let extents = try JSON(#require(recipe["shape"]?.string)).array?.compactMap(\.int) ?? []
    try #require(extents.count == 4)
    let isEven = extents[2].isMultiple(of: 2)
    let input = Self.input(seed: seed, n: extents[0], h: extents[2], w: extents[3])
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
      let sampled = tensor.kept(at: stage.outputStride, isEven: isEven)
      #expect(disagreement(sampled.values, expected) < directTolerance, "\(name) of \(golden)")
    }
    guard group != nil else { return }
    // Of the classes every eighth query's.
    let masks = values[stages.count].kept(at: configuration.backboneStride, isEven: isEven)
    let classes = values[stages.count + 1].every(8)
    #expect(disagreement(masks.values, try file.floats("masks")) < directTolerance)
    #expect(disagreement(classes.values, try file.floats("classes")) < directTolerance)
  }

  /// The generator's "input", drawn in NCHW order as PyTorch sees it, laid out NHWC.
  static func input(seed: UInt64, n: Int = 1, h: Int, w: Int) -> Tensor {
    let planes = RandomWeights.uniform("input", seed: seed, count: n * 3 * h * w)
    var input = Tensor(Shape(n: n, h: h, w: w, c: 3))
    for picture in 0..<n {
      for c in 0..<3 {
        for y in 0..<h {
          for x in 0..<w {
            input[picture, y, x, c] = planes[((picture * 3 + c) * h + y) * w + x]
          }
        }
      }
    }
    return input
  }
}

extension Tensor {
  /// What goldens keep of a map at an output stride.
  ///
  /// Of small odd pictures that is every second row and column at stride 2, every eighth at stride 1, and all at others; of tall even
  /// ones one in 32 pixels, whose last is the grid's at stride 4.
  fileprivate func kept(at outputStride: Int, isEven: Bool) -> Tensor {
    guard isEven else { return every([1: 8, 2: 2][outputStride] ?? 1) }
    let step = max(1, 32 / outputStride)
    return every(step, from: step / 2)
  }

  /// Every `step`-th row and column.
  fileprivate func every(_ step: Int, from first: Int = 0) -> Tensor {
    let rows = Array(stride(from: first, to: shape.h, by: step))
    let columns = Array(stride(from: first, to: shape.w, by: step))
    var sampled = Tensor(shape.resized(h: rows.count, w: columns.count))
    for n in 0..<shape.n {
      for (row, y) in rows.enumerated() {
        for (column, x) in columns.enumerated() {
          for c in 0..<shape.c { sampled[n, row, column, c] = self[n, y, x, c] }
        }
      }
    }
    return sampled
  }
}
