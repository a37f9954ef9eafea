import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Softmax")
struct SoftmaxTests {
  /// The polynomial against the library's exponential over its whole range: 2 units in the last place, 2.4e-7.
  @Test func exponentialIsAccurate() {
    for step in stride(from: -87.0, through: 88.0, by: 0.0137) {
      let x = Float(step)
      let exact = exp(Double(x))
      #expect(abs(Double(exponential(Lanes(repeating: x))[3]) - exact) <= 2.4e-7 * exact)
    }
    #expect(exponential(Lanes(repeating: 0))[0] == 1)
    #expect(exponential(Lanes(repeating: -1e9))[0] < 1e-37)
    #expect(exponential(Lanes(repeating: -.infinity))[0] < 1e-37)
  }

  @Test("agrees with double precision", arguments: [1, 2, 15, 16, 17, 31, 33, 289])
  func reference(count: Int) {
    let rows = Tensor.random(Shape(h: 3, w: count, c: 1), "rows").values.map { 40 * $0 }
    for scale: Float in [1, 0.125] {
      var values = rows
      values.withUnsafeMutableBufferPointer {
        Softmax.apply(to: $0.baseAddress!, rows: 3, count: count, scale: scale)
      }
      let expected = (0..<3).flatMap { row in
        softmaxReference(
          rows[(row * count)..<((row + 1) * count)].map { Double($0) * Double(scale) })
      }
      #expect(disagreement(values, expected.map { Float($0) }) < operationTolerance)
    }
  }

  /// Scores that overflow exp on their own, and infinities of masked scores, still sum to one.
  @Test func largeScores() {
    var values: [Float] = [1e4, 1e4 - 1, -.infinity, -1e30]
    values.withUnsafeMutableBufferPointer {
      Softmax.apply(to: $0.baseAddress!, rows: 1, count: 4)
    }
    #expect(abs(values[0] - 0.7310586) < 1e-6)
    #expect(abs(values.reduce(0, +) - 1) < 1e-6)
  }
}
