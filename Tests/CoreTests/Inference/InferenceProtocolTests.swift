import Testing

@testable import Core

@Suite("Inference protocols")
struct InferenceProtocolTests {
  /// Stored beside figures, so it must never change for a protocol that there was.
  @Test func descriptions() {
    #expect(
      "\(InferenceProtocol.ours)"
        == "ours pad=32k+1 window=whole scales=1 flip=no average=logits")
    #expect(
      "\(InferenceProtocol.authors)"
        == "authors pad=513x513 window=whole scales=1 flip=no average=logits")
    var rules = InferenceProtocol.mmseg
    rules.window = SlidingWindow(width: 769, height: 513)
    rules.scales = [0.5, 1, 1.75]
    rules.isFlipped = true
    rules.padding = .multiple(of: 32)
    #expect(
      "\(rules)"
        == "mmseg pad=/32 window=769x513@512x342 scales=0.5,1,1.75 flip=yes average=probabilities")
  }

  /// The plain protocol is what ``Segmenter/labels(of:outputStride:observe:isCancelled:)`` does, to the last bit.
  @Test func plainProtocolIsThePlainPrediction() throws {
    let configuration = try #require(ModelConfiguration.preset(named: "hfgd-mobilenet_v2-os4"))
    let segmenter = Segmenter(
      SegmentationModel(configuration, Weights(RandomWeights(seed: 4))), threads: Threads(2))
    let picture = Picture.noise(width: 75, height: 50)
    for stride in [32, 4] {
      let result = try segmenter.segment(
        picture, outputStride: stride, including: [.confidence, .logits])
      #expect(try result.labels == segmenter.labels(of: picture, outputStride: stride))
      #expect(try result.logits == segmenter.logits(of: picture, outputStride: stride))
      let certainty = try segmenter.run(picture, [stride]) {
        segmenter.certainty($0[0], width: 75, height: 50)
      }
      #expect(result.confidence == certainty.confidence)
    }
  }
}
