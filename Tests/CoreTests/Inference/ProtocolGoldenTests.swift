import TestSupport
import Testing

@testable import Core

/// Whole pictures under the protocols of others, computed by PyTorch in double precision and by OpenCV;
/// `python/protocol_goldens.py` made the files.
@Suite("Protocol goldens")
struct ProtocolGoldenTests {
  private let file: SafeTensors
  private let picture: Picture
  private let segmenter: Segmenter

  init() throws {
    file = try SafeTensors(path: TestFiles.goldens + "/inference/protocols.safetensors")
    let recipe = try JSON(#require(file.metadata["golden"]))
    let seed = try #require(recipe["seed"]?.string.flatMap(UInt64.init))
    picture = Picture(
      width: 58, height: 37,
      samples: RandomWeights.uniform("picture", seed: seed, count: 3 * 58 * 37).map {
        UInt8(($0 + 1) * 128)
      })
    let configuration = try #require(ModelConfiguration.preset(named: "hfgd-mobilenet_v2-os4"))
    segmenter = Segmenter(
      SegmentationModel(configuration, Weights(RandomWeights(seed: seed))), threads: Threads(2))
  }

  /// Every second row and column of the golden's `[h, w, c]`.
  private func compare(_ scores: Tensor, with name: String) throws {
    let expected = try file.floats(name)
    let sampled = (0..<19).flatMap { y in
      (0..<29).flatMap { x in (0..<scores.shape.c).map { scores[0, 2 * y, 2 * x, $0] } }
    }
    #expect(disagreement(sampled, expected) < directTolerance)
  }

  @Test func authorsAgreeWithPyTorch() throws {
    var rules = InferenceProtocol.authors
    rules.padding = .size(width: 65, height: 65)
    rules.window = SlidingWindow(width: 41, height: 49)
    rules.scales = [0.5, 1, 1.25]
    rules.isFlipped = true
    let result = try segmenter.segment(picture, rules: rules, including: [.logits])
    try compare(try #require(result.logits), with: "authors")
  }

  /// The probabilities, out of their logarithms; pictures scaled in OpenCV's fixed point, windows of even sizes.
  @Test func mmsegAgreesWithPyTorch() throws {
    var rules = InferenceProtocol.mmseg
    rules.window = SlidingWindow(width: 40, height: 32, horizontalStride: 33, verticalStride: 21)
    rules.scales = [0.5, 1, 1.25]
    rules.isFlipped = true
    let result = try segmenter.segment(picture, rules: rules, including: [.logits])
    var probabilities = try #require(result.logits)
    let classes = probabilities.shape.c
    probabilities.values.withUnsafeMutableBufferPointer {
      Softmax.apply(to: $0.baseAddress!, rows: 58 * 37, count: classes)
    }
    try compare(probabilities, with: "mmseg")
  }

  /// Sample for sample; (29, 18) is half of the upper 36 rows.
  @Test(
    "resizing agrees with OpenCV",
    arguments: [
      (7, 5), (29, 19), (29, 18), (116, 37), (58, 37), (73, 46), (44, 28), (1, 1), (3, 80),
    ])
  func resizing(width: Int, height: Int) throws {
    let entry = try #require(file["resize.\(width)x\(height)"])
    let expected = file.withBytes(of: entry) { Array($0) }
    let source =
      height == 18
      ? Picture(width: 58, height: 36, samples: Array(picture.samples.prefix(3 * 58 * 36)))
      : picture
    let resized = source.resizedInFixedPoint(width: width, height: height)
    let different = zip(resized.samples, expected).filter { $0 != $1 }
    let largest = different.map { abs(Int($0) - Int($1)) }.max() ?? 0
    #expect(different.isEmpty, "\(different.count) of \(expected.count), by \(largest)")
  }
}
