import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Certainty")
struct CertaintyTests {
  @Test("agrees with double precision", arguments: [1, 2, 11, 16, 17, 59])
  func reference(classes: Int) {
    let values = Tensor.random(Shape(h: 5, w: 7, c: classes), "logits").values.map { 9 * $0 }
    let logits = Tensor(Shape(h: 5, w: 7, c: classes), values)
    let resized = Resize(height: 33, width: 65)(logits)
    let certainty = values.withUnsafeBufferPointer {
      Certainty(
        of: TensorView(shape: logits.shape, base: $0.baseAddress!), padded: (33, 65), height: 30,
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
        disagreement(logits.probabilities(x: x, y: y, padded: (33, 65)), p.map { Float($0) }) < 1e-5
      )
    }
  }
}
