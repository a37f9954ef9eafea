import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Token edits")
struct TokenEditTests {
  private func tokens(_ count: Int, _ width: Int, seed: UInt64 = 1) -> ClassTokens {
    ClassTokens(
      names: (0..<count).map { "c\($0)" }, width: width,
      weights: RandomWeights.uniform("weights", seed: seed, count: count * width),
      bias: RandomWeights.uniform("bias", seed: seed, count: count))
  }

  private func map(_ width: Int) -> FeatureMap {
    FeatureMap(
      Tensor(
        Shape(h: 5, w: 9, c: width),
        RandomWeights.uniform("features", seed: 2, count: 45 * width) { 3 * $0 }),
      frame: InputFrame(width: 65, height: 33), width: 60, height: 31, threads: Threads(1))
  }

  /// Every number by the formulas, in double precision, pixel by pixel.
  private func reference(
    _ edit: TokenEdit, _ map: FeatureMap, _ tokens: ClassTokens, x: Int, y: Int
  ) -> (scores: [Double], sums: [Double]) {
    let features = map.vector(x: x, y: y).map(Double.init)
    let scores = (0..<tokens.count).map { k -> Double in
      if edit.masked.contains(k) { return Double(TokenEdit.maskedLogit) }
      let product = zip(tokens[k], features).reduce(0) { $0 + Double($1.0) * $1.1 }
      return (product + Double(tokens.bias[k]) + Double(edit.bias[k])) / Double(edit.temperature)
    }
    let largest = scores.max() ?? 0
    var sums = [Double](repeating: 0, count: tokens.count)
    for k in scores.indices { sums[edit.groups.representatives[k]] += exp(scores[k] - largest) }
    return (scores, sums)
  }

  private static let edits: [@Sendable (inout TokenEdit) -> Void] = [
    { _ in }, { $0.bias[1] = 1.5 }, { $0.masked = [0, 2] }, { $0.temperature = 4 },
    { $0.isSwapped = true }, { $0.groups.merge([1, 3]) },
    {
      $0.groups.merge([4, 2])
      $0.groups.merge([2, 0])
      $0.bias[3] = -2
      $0.temperature = 3
      $0.isSwapped = true
      $0.masked = [1]
    },
  ]

  @Test(arguments: edits.indices, [(5, 8), (19, 96)])
  func agreesWithItsFormulas(change: Int, size: (classes: Int, width: Int)) {
    let own = tokens(size.classes, size.width)
    let other = tokens(size.classes, size.width, seed: 9)
    let map = map(size.width)
    var edit = TokenEdit(count: size.classes)
    Self.edits[change](&edit)
    let found = edit.prediction(from: map, tokens: own, other: other, threads: Threads(2))
    var misses = 0
    for y in 0..<map.height {
      for x in 0..<map.width {
        let (scores, sums) = reference(
          edit, map, edit.isSwapped ? other : own, x: x, y: y)
        let label = Int(found.labels[x, y])
        // A float32 sum of 96 products of up to 3 is off by 1e-4 at most.
        if scores[label] < (scores.max() ?? 0) - 1e-4 { misses += 1 }
        if sums[Int(found.summed[x, y])] < (sums.max() ?? 0) - 1e-4 { misses += 1 }
        if Int(found.merged[x, y]) != edit.groups.representatives[label] { misses += 1 }
      }
    }
    #expect(misses == 0)
  }

  /// Adding up probabilities can prefer a group none of whose classes is the most likely one.
  @Test func sumsDifferFromLabels() {
    let own = ClassTokens(
      names: ["a", "b", "c"], width: 1, weights: [0, 0, 0], bias: [0.2, 0, 0])
    var edit = TokenEdit(count: 3)
    edit.groups.merge([1, 2], name: "d")
    let found = edit.prediction(from: map(1), tokens: own, threads: Threads(1))
    #expect(found.merged[0, 0] == 0)
    #expect(found.summed[0, 0] == 1)
    #expect(edit.groups.name(of: 2, own.names) == "d")
  }

  @Test func noEditChangesNothing() {
    let own = tokens(7, 16)
    let edit = TokenEdit(count: 7)
    #expect(edit.isEmpty)
    #expect(edit.tokens(of: own) == own)
    let found = edit.prediction(from: map(16), tokens: own, threads: Threads(1))
    #expect(found.labels == found.merged && found.labels == found.summed)
  }

  @Test func groupsJoinAndDissolve() {
    var groups = ClassGroups(count: 5)
    groups.merge([3, 4])
    groups.merge([1, 4])
    #expect(groups.representatives == [0, 1, 2, 1, 1])
    #expect(groups.merged == [1])
    #expect(groups.name(of: 3, ["a", "b", "c", "d", "e"]) == "b+d+e")
    groups.dissolve(3)
    #expect(groups.isTrivial)
  }

  /// Merging counts is counting merged maps.
  @Test func countsMergeAsLabelsDo() {
    let values = RandomWeights.uniform("labels", seed: 4, count: 400) { ($0 + 1) * 3.4 }
      .map { UInt16($0) }
    let truth = LabelMap(width: 20, height: 20, values: values)
    let prediction = LabelMap(width: 20, height: 20, values: values.reversed())
    var groups = ClassGroups(count: 5)
    groups.merge([0, 3])
    var plain = ConfusionMatrix(classes: 5)
    plain.add(prediction: prediction, truth: truth, ignoreIndex: 6)
    var merged = ConfusionMatrix(classes: 5)
    merged.add(
      prediction: groups.merging(prediction), truth: groups.merging(truth), ignoreIndex: 6)
    #expect(plain.merging(groups) == merged)
    #expect(merged.iou(3).isNaN)
  }

  /// A saved edit is a checkpoint whose model predicts what the edit does, and differs in nothing but its tokens.
  @Test func savedTokensAreAModel() throws {
    let configuration = try #require(ModelConfiguration.preset(named: "fcn-mobilenet_v2"))
    let random = RandomWeights(seed: 3)
    var writer = SafeTensorsWriter(metadata: ["hfgd.config": configuration.json.text])
    for request in configuration.tensors {
      writer.append(
        request.name, shape: request.shape, values: random.values(of: request), as: .f16)
    }
    writer.append("optimizer.momentum", shape: [1], values: [1])
    let checkpoint = try Checkpoint(TensorFile(SafeTensors(bytes: writer.encoded())))
    var edit = TokenEdit(count: configuration.classes.count)
    edit.bias[2] = 0.5
    edit.masked = [0]
    edit.temperature = 2
    let model = try checkpoint.model()
    let edited = edit.tokens(of: model.classTokens)
    let saved = try Checkpoint(
      TensorFile(SafeTensors(bytes: checkpoint.encoded(with: edited, note: .string("a test")))))
    #expect(saved.configuration == configuration)
    #expect(saved.training?["tokens"]?.string == "a test")
    #expect(saved.file["optimizer.momentum"] == nil)
    let found = try saved.model()
    #expect(found.classTokens == edited)
    let picture = Picture(
      width: 40, height: 30, samples: (0..<3600).map { UInt8(truncatingIfNeeded: $0 * 7) })
    let segmenter = Segmenter(model, threads: Threads(1))
    let map = try segmenter.featuresAndLabels(of: picture, outputStride: 32).features
    #expect(
      try Segmenter(found, threads: Threads(1)).labels(of: picture)
        == edit.prediction(from: map, tokens: model.classTokens, threads: Threads(1)).labels)
  }
}
