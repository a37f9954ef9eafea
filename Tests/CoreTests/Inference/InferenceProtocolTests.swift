import Foundation
import TestSupport
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

  /// A model's own protocol is what ``Segmenter/labels(of:outputStride:observe:isCancelled:)`` does, to the last bit.
  @Test(arguments: ["hfgd-mobilenet_v2-os4", "mmseg_fpn-resnet50_v1c"])
  func ownProtocolIsThePlainPrediction(preset: String) throws {
    var configuration = try #require(ModelConfiguration.preset(named: preset))
    configuration.backbone = .mobilenetV2
    let segmenter = Segmenter(
      SegmentationModel(configuration, Weights(RandomWeights(seed: 4))), threads: Threads(2))
    let picture = Picture.noise(width: 75, height: 50)
    for stride in configuration.outputStrides {
      let result = try segmenter.segment(
        picture, rules: configuration.upsampler == .mmsegFPN ? .mmseg : .ours,
        outputStride: stride, including: [.confidence, .logits])
      #expect(try segmenter.segment(picture, outputStride: stride).labels == result.labels)
      #expect(try result.labels == segmenter.labels(of: picture, outputStride: stride))
      #expect(try result.logits == segmenter.logits(of: picture, outputStride: stride))
      let certainty = try segmenter.run(picture, [stride]) {
        segmenter.certainty(Tensor(copying: $0[0]), width: 75, height: 50)
      }
      #expect(result.confidence == certainty.confidence)
      let (x, y) = (61, 37)
      let logits = try segmenter.run(picture, [stride]) { Tensor(copying: $0[0]) }
      let p = logits.probabilities(x: x, y: y, frame: segmenter.frame(width: 75, height: 50))
      #expect(abs((p.max() ?? 0) - certainty.confidence[y * 75 + x]) < 1e-5)
    }
  }

  private static func segmenter(_ preset: String = "fcn-mobilenet_v2") throws -> Segmenter {
    let configuration = try #require(ModelConfiguration.preset(named: preset))
    return Segmenter(
      SegmentationModel(configuration, Weights(RandomWeights(seed: 4))), threads: Threads(2))
  }

  private static let windows: [SlidingWindow?] = [
    nil, SlidingWindow(width: 33, height: 33),
    SlidingWindow(width: 40, height: 26, horizontalStride: 31, verticalStride: 9),
  ]

  private static let scales: [[Double]] = [[1], [0.75], [0.5, 1, 1.25]]

  /// Each protocol, with windows, scales and mirror images, against the loops of its source.
  @Test(arguments: InferenceProtocol.Convention.allCases, windows)
  func agreesWithTheReference(
    convention: InferenceProtocol.Convention, window: SlidingWindow?
  ) throws {
    let segmenter = try Self.segmenter()
    for scales in Self.scales {
      for isFlipped in [false, true] {
        for average in InferenceProtocol.Average.allCases {
          var rules = InferenceProtocol.preset(convention)
          rules.window = window
          rules.scales = scales
          rules.isFlipped = isFlipped
          rules.average = average
          if convention == .authors { rules.padding = .size(width: 49, height: 71) }
          try compare(segmenter, Picture.noise(width: 53, height: 42), rules)
        }
      }
    }
  }

  /// The student's grid, and a model whose axial attention sees whole rows and columns of each window.
  @Test(arguments: InferenceProtocol.Convention.allCases)
  func agreesForTheStudent(convention: InferenceProtocol.Convention) throws {
    var rules = InferenceProtocol.preset(convention)
    rules.window = SlidingWindow(width: 32, height: 30)
    rules.scales = [0.5, 1]
    rules.isFlipped = true
    if convention == .authors { rules.padding = .size(width: 65, height: 33) }
    if convention == .mmseg { rules.padding = .multiple(of: 16) }
    try compare(
      Self.segmenter("hfgd-mobilenet_v2-os4"), Picture.noise(width: 41, height: 35), rules,
      stride: 4)
  }

  /// A label may have another size than its picture: the result has the label's.
  @Test(arguments: InferenceProtocol.Convention.allCases, [(53, 42), (20, 90), (1, 1)])
  func resultHasTheSizeAskedFor(
    convention: InferenceProtocol.Convention, size: (width: Int, height: Int)
  ) throws {
    for window in Self.windows {
      var rules = InferenceProtocol.preset(convention)
      rules.window = window
      rules.padding = .none
      if convention != .authors { rules.scales = [1.25] }
      try compare(Self.segmenter(), Picture.noise(width: 47, height: 30), rules, size: size)
    }
  }

  /// The picture is smaller than anything: windows, crops, scales leave at least one pixel.
  @Test(arguments: InferenceProtocol.Convention.allCases, [(1, 1), (2, 40)])
  func tinyPictures(
    convention: InferenceProtocol.Convention, size: (width: Int, height: Int)
  ) throws {
    for padding in [InferenceProtocol.Padding.none, .grid, .multiple(of: 8)] {
      var rules = InferenceProtocol.preset(convention)
      rules.padding = padding
      rules.window = SlidingWindow(width: 20, height: 20)
      rules.scales = [0.1, 1]
      rules.isFlipped = true
      let result = try Self.segmenter().segment(
        Picture.noise(width: size.width, height: size.height), rules: rules,
        including: [.confidence])
      #expect((result.labels.width, result.labels.height) == size)
      #expect(result.confidence?.allSatisfy { $0 > 0 && $0 <= 1 } == true)
    }
  }

  private func compare(
    _ segmenter: Segmenter, _ picture: Picture, _ rules: InferenceProtocol,
    size: (width: Int, height: Int)? = nil, stride: Int = 32
  ) throws {
    let size = size ?? (picture.width, picture.height)
    let expected = try ProtocolReference(
      segmenter: segmenter, rules: rules, outputStride: stride
    ).scores(of: picture, size: size)
    let result = try segmenter.segment(
      picture, size: size, rules: rules, outputStride: stride, including: [.confidence, .logits])
    let logits = try #require(result.logits)
    let isAverage = rules.average == .probabilities && rules.views.count > 1
    let isLogarithm = rules.average == .probabilities && !isAverage
    let scores = isAverage ? logits.values.map { exp($0) } : logits.values
    // A single view is not turned into probabilities: its logits are at hand.
    let flat = expected.flatMap { $0.flatMap { $0 } }.map(Float.init)
    if isLogarithm {
      let probabilities = (0..<(size.width * size.height)).flatMap { pixel in
        softmaxReference(
          scores[(pixel * logits.shape.c)..<((pixel + 1) * logits.shape.c)].map(Double.init))
      }
      #expect(disagreement(probabilities.map(Float.init), flat) < directTolerance, "\(rules)")
    } else {
      #expect(disagreement(scores, flat) < directTolerance, "\(rules)")
    }
    let confidence = try #require(result.confidence)
    for (pixel, scores) in expected.flatMap({ $0 }).enumerated() {
      let best = scores.max() ?? .nan
      let label = Int(result.labels.values[pixel])
      #expect(best - scores[label] < 1e-4 * max(1, abs(best)))
      let probability =
        rules.average == .probabilities ? best : softmaxReference(scores).max() ?? .nan
      #expect(abs(Double(confidence[pixel]) - probability) < 1e-4)
    }
  }
}
