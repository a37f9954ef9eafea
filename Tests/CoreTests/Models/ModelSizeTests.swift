import Testing

@testable import Core

@Suite("Model sizes")
struct ModelSizeTests {
  /// The program of a preset's student for a 513×513 picture, without weights.
  private func program(_ preset: String, size: Int = 513, stride: Int? = nil) throws -> Program {
    let configuration = try #require(ModelConfiguration.preset(named: preset))
    let model = SegmentationModel(configuration, Weights(WeightOutline()))
    return Segmenter(model, threads: Threads(2)).program(
      width: size, height: size, outputStrides: [stride ?? configuration.outputStride])
  }

  /// The paper's SemanticFPN has 45.65 · 2³⁰; its HFGD rows are higher than any public description (spec H1).
  @Test(arguments: [
    ("sfpn-resnet50_beta", 45.2...45.7), ("hfgd-resnet50_beta-os4", 66.2...66.7),
    ("hfgd-resnet50_beta-os2", 129.7...130.5),
  ])
  func multiplyAdds(preset: String, expected: ClosedRange<Double>) throws {
    #expect(expected.contains(Double(try program(preset).multiplyAdds) / 0x1p30))
  }

  /// The teacher alone is the backbone, the context and the tokens: no step of the upsampler or the attention.
  @Test func teacherAloneIsCheap() throws {
    let teacher = try program("hfgd-resnet50_beta-os4", stride: 32)
    let modules = Set(teacher.steps.compactMap { $0.name.split(separator: ".").first })
    #expect(modules == ["backbone", "context", "tokens"])
    #expect(teacher.multiplyAdds * 2 < (try program("hfgd-resnet50_beta-os4")).multiplyAdds)
  }

  /// Planned memory at 513×513: mostly the least possible, at worst (HFGD OS=4 on MobileNetV2) a fifth more, and far
  /// below the 1.2 GB that a run may take.
  @Test(arguments: ModelConfiguration.presets.map(\.name))
  func memoryIsPlanned(preset: String) throws {
    let program = try program(preset)
    #expect(Double(program.arenaBytes) <= 1.2 * Double(program.lowerBoundBytes))
    #expect(program.arenaBytes < 400 << 20)
  }

  /// Every preset runs on the smallest picture and on one with unequal sides.
  @Test(arguments: ModelConfiguration.presets.map(\.name), [(1, 1), (40, 7)])
  func tinyPictures(preset: String, size: (Int, Int)) throws {
    let configuration = try #require(ModelConfiguration.preset(named: preset))
    let model = SegmentationModel(configuration, Weights(RandomWeights(seed: 3)))
    let segmenter = Segmenter(model, threads: Threads(2))
    let picture = Picture(width: size.0, height: size.1, filled: RGB(200, 100, 50))
    for stride in configuration.outputStrides {
      let labels = try segmenter.labels(of: picture, outputStride: stride)
      let logits = try segmenter.logits(of: picture, outputStride: stride)
      #expect((labels.width, labels.height) == size)
      #expect(
        logits.shape == Shape(h: size.1, w: size.0, c: configuration.classes.count))
    }
  }

  @Test(arguments: [(1, 1), (2, 33), (33, 33), (34, 65), (360, 385), (480, 481), (513, 513)])
  func padding(size: Int, padded: Int) { #expect(Segmenter.paddedExtent(size) == padded) }

  /// A second student at stride 2 leaves teacher and first student as they are.
  @Test func refinementIsBesideTheStudent() throws {
    var configuration = try #require(ModelConfiguration.preset(named: "hfgd-mobilenet_v2-os4"))
    let picture = Picture(width: 50, height: 40, filled: RGB(90, 80, 70))
    let plain = Segmenter(
      SegmentationModel(configuration, Weights(RandomWeights(seed: 5))), threads: Threads(1))
    configuration.refineStride = 2
    let refined = Segmenter(
      SegmentationModel(configuration, Weights(RandomWeights(seed: 5))), threads: Threads(1))
    #expect(configuration.outputStrides == [32, 4, 2])
    for stride in [32, 4] {
      #expect(
        try refined.logits(of: picture, outputStride: stride)
          == plain.logits(of: picture, outputStride: stride))
    }
    let fine = try refined.run(picture, [2]) { $0[0].shape }
    #expect(fine == Shape(h: 33, w: 33, c: 11))
  }
}

@Suite("Streaming")
struct StreamingTests {
  /// The teacher's logits are handed out before the student's, and both are those of separate runs.
  @Test func teacherComesFirst() throws {
    let configuration = try #require(ModelConfiguration.preset(named: "hfgd-mobilenet_v2-os4"))
    let segmenter = Segmenter(
      SegmentationModel(configuration, Weights(RandomWeights(seed: 2))), threads: Threads(2))
    let picture = Picture(width: 60, height: 40, filled: RGB(10, 90, 200))
    var streamed: [(Int, Tensor)] = []
    var steps = 0
    var stepsAtTeacher = 0
    try segmenter.run(
      picture, [32, 4], observe: { _, _ in steps += 1 },
      finished: { stride, logits in
        streamed.append((stride, Tensor(copying: logits)))
        if stride == 32 { stepsAtTeacher = steps }
      }, read: { _ in })
    #expect(streamed.map(\.0) == [32, 4])
    #expect(stepsAtTeacher < steps)
    for (stride, logits) in streamed {
      #expect(try segmenter.run(picture, [stride]) { Tensor(copying: $0[0]) } == logits)
    }
  }
}
