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

  /// The series against the library's logarithm over all powers of two, and on both sides of 1.
  @Test func logarithmIsAccurate() {
    let powers = stride(from: -125.9, through: 127.9, by: 0.0371).map { Float(exp2($0)) }
    let aroundOne = stride(from: 0.5, through: 2.0, by: 0.000_137).map { Float($0) }
    for x in powers + aroundOne {
      let exact = log(Double(x))
      #expect(abs(Double(logarithm(Lanes(repeating: x))[5]) - exact) <= 2e-7 * max(1, abs(exact)))
    }
    #expect(logarithm(Lanes(repeating: 1))[0] == 0)
    let least = logarithm(Lanes(repeating: .leastNormalMagnitude))[0]
    #expect(
      logarithm(Lanes(repeating: 0))[0] == least && logarithm(Lanes(repeating: -1))[0] == least)
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
