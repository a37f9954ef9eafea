import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Certainty")
struct CertaintyTests {
  /// Equal logits are a guess among all classes, one far above the rest is certain; neither leaves [0, 1].
  @Test(arguments: [1, 2, 3, 11, 59, 171])
  func extremes(classes: Int) {
    for peak: Float in [0, 100] {
      var logits = Tensor(Shape(h: 1, w: 1, c: classes), filled: 0.1)
      logits.values[classes / 2] += peak
      let certainty = logits.values.withUnsafeBufferPointer {
        Certainty(
          of: TensorView(shape: logits.shape, base: $0.baseAddress!),
          frame: InputFrame(width: 1, height: 1), height: 1,
          width: 1, threads: Threads(1))
      }
      let isGuess = peak == 0 && classes > 1
      #expect(0...1 ~= certainty.entropy[0] && 0...1 ~= certainty.confidence[0])
      #expect(abs(certainty.entropy[0] - (isGuess ? 1 : 0)) < 1e-5)
      #expect(abs(certainty.confidence[0] - (isGuess ? 1 / Float(classes) : 1)) < 1e-5)
    }
  }

  @Test("agrees with double precision", arguments: [1, 2, 11, 16, 17, 59])
  func reference(classes: Int) {
    let values = Tensor.random(Shape(h: 5, w: 7, c: classes), "logits").values.map { 9 * $0 }
    let logits = Tensor(Shape(h: 5, w: 7, c: classes), values)
    let resized = Resize(height: 33, width: 65)(logits)
    let certainty = values.withUnsafeBufferPointer {
      Certainty(
        of: TensorView(shape: logits.shape, base: $0.baseAddress!),
        frame: InputFrame(width: 65, height: 33), height: 30,
        width: 61, threads: Threads(2))
    }
    for (x, y) in [(0, 0), (60, 29), (13, 7), (31, 22)] {
      let row = (0..<classes).map { Double(resized[0, y, x, $0]) }
      let p = softmaxReference(row)
      let entropy =
        -p.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) } / (classes > 1 ? log(Double(classes)) : 1)
      #expect(abs(Double(certainty.confidence[y * 61 + x]) - (p.max() ?? 0)) < 1e-5)
      #expect(abs(Double(certainty.entropy[y * 61 + x]) - entropy) < 1e-5)
      #expect(
        disagreement(
          logits.probabilities(x: x, y: y, frame: InputFrame(width: 65, height: 33)),
          p.map { Float($0) }) < 1e-5
      )
    }
  }
}
