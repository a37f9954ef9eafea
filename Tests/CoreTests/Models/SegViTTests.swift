import TestSupport
import Testing

@testable import Core

/// SegViT's computation and its contradictions; its numbers are compared with the twin's in `ModelGoldenTests`.
@Suite("SegViT")
struct SegViTTests {
  private func configuration(_ preset: String, classes: Int = 150) throws -> ModelConfiguration {
    var configuration = try #require(ModelConfiguration.preset(named: preset))
    configuration.classes = (0..<classes).map(String.init)
    configuration.palette = [RGB](repeating: RGB(0, 0, 0), count: classes)
    return configuration
  }

  /// The paper's tables 1, 2 and 3 in 10⁹ multiply-accumulates, within half a percent.
  @Test(
    "computes what the paper says",
    arguments: [
      ("segvit-vit_base", 512, 150, 120.9), ("segvit-vit_large", 640, 150, 637.9),
      ("segvit_shrunk-vit_large", 640, 150, 373.5), ("segvit-vit_large", 512, 171, 383.9),
      ("segvit_shrunk-vit_large", 512, 171, 224.8), ("segvit-vit_large", 480, 60, 321.6),
      ("segvit_shrunk-vit_large", 480, 60, 186.9),
    ])
  func multiplyAdds(preset: String, size: Int, classes: Int, expected: Double) throws {
    let model = SegmentationModel(
      try configuration(preset, classes: classes), Weights(WeightOutline()))
    let program = Segmenter(model, threads: Threads(2)).program(
      width: size, height: size, outputStrides: [1])
    #expect(abs(Double(program.multiplyAdds) / 1e9 / expected - 1) < 0.005)
  }

  /// Masks and their classes are at hand beside the prediction, which follows from them.
  @Test func masks() throws {
    var configuration = try configuration("segvit-vit_base", classes: 5)
    configuration.width = 64
    let model = SegmentationModel(configuration, Weights(RandomWeights(seed: 3)))
    let segmenter = Segmenter(model, threads: Threads(2))
    let picture = Picture.noise(width: 50, height: 33)
    let (scores, masks, classes) = try segmenter.run(
      picture, outputs: [.logits(outputStride: 1), .masks, .maskClasses]
    ) { (Tensor(copying: $0[0]), Tensor(copying: $0[1]), Tensor(copying: $0[2])) }
    #expect(masks.shape == Shape(h: 3, w: 4, c: 5) && classes.shape == Shape(h: 1, w: 5, c: 6))
    let expected = maskClassificationReference(
      MaskClassification(height: 33, width: 50, stride: 16), masks: masks, classes: classes)
    #expect(disagreement(scores, expected) < operationTolerance)
    #expect(model.classTokens.width == 64 && model.classTokens.count == 5)
  }

  @Test func contradictions() throws {
    var configuration = try configuration("segvit-vit_base")
    #expect(configuration.contradictions.isEmpty)
    configuration.isGuided = true
    configuration.outputStride = 4
    configuration.width = 100
    #expect(
      configuration.contradictions == [
        "output_stride is 4; with decoder segvit it is 1",
        "guidance is true; decoder segvit has no teacher",
        "width is 100, not a multiple of the 32 channels of a head",
      ])
    #expect(ModelConfiguration.preset(named: "segvit-resnet50") == nil)
    #expect(ModelConfiguration.preset(named: "sfpn-vit_base") == nil)
    #expect(ModelConfiguration.preset(named: "fcn-vit_base")?.outputStride == 16)
  }
}
