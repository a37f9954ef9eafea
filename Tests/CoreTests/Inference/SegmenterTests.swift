import Testing

@testable import Core

@Suite("Segmenter")
struct SegmenterTests {
  /// Models run on the smallest picture and on one with unequal sides.
  @Test(arguments: ModelGoldenTests.names(), [(1, 1), (40, 7)])
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

  /// The student's features can be had beside its logits, and the class tokens turn the ones into the others.
  @Test func tokensTurnFeaturesIntoLogits() throws {
    let configuration = try #require(ModelConfiguration.preset(named: "hfgd-mobilenet_v2-os4"))
    let model = SegmentationModel(configuration, Weights(RandomWeights(seed: 2)))
    let picture = Picture(width: 60, height: 40, filled: RGB(10, 90, 200))
    let outputs = try Segmenter(model, threads: Threads(2)).run(
      picture, outputs: [.features(outputStride: 4), .logits(outputStride: 4)]
    ) { $0.map(Tensor.init(copying:)) }
    #expect(outputs[0].shape == Shape(h: 17, w: 17, c: 96))
    let tokens = try #require(model.tokens?.convolution)
    #expect(tokens(outputs[0]) == outputs[1])
  }
}
