import TestSupport
import Testing

@testable import Core

@Suite("Means over bins")
struct AdaptiveMeanTests {
  /// Five columns in two bins: both have the middle one.
  @Test func handExample() {
    let x = Tensor(Shape(h: 1, w: 5, c: 1), [1, 2, 3, 4, 8])
    #expect(AdaptiveMean(height: 1, width: 2)(x).values == [2, 5])
    #expect(
      AdaptiveMean(height: 1, width: 1)(Tensor(Shape(h: 2, w: 2, c: 1), [1, 2, 3, 6])).values == [3]
    )
    #expect(AdaptiveMean(height: 2, width: 5)(x).values == x.values + x.values)
  }

  static let bins = [(1, 1), (2, 2), (3, 3), (6, 6), (2, 5)]
  static let sizes = [(1, 1, 1), (2, 5, 7), (1, 6, 12), (2, 17, 33)]

  @Test("agrees with the naive loops", arguments: bins, sizes)
  func reference(_ bins: (Int, Int), _ size: (Int, Int, Int)) {
    for channels in [1, 15, 16, 17, 31, 130, 257] {
      let x = Tensor.random(Shape(n: size.0, h: size.1, w: size.2, c: channels), "x")
      var mean = AdaptiveMean(height: bins.0, width: bins.1)
      let expected = adaptiveMeanReference(mean, x)
      for set in InstructionSet.supported {
        mean.kernels = Kernels(set)
        #expect(disagreement(mean(x, threads: Threads(2)), expected) < operationTolerance, "\(set)")
      }
    }
  }

  @Test("gradient", arguments: bins, sizes)
  func gradient(_ bins: (Int, Int), _ size: (Int, Int, Int)) {
    for channels in [1, 19] {
      GradientCheck(
        variables: [.random(Shape(n: size.0, h: size.1, w: size.2, c: channels), "x")],
        isLinear: true
      ) { $0[0].averaged(height: bins.0, width: bins.1, named: "mean") }
      .expectAgreement(within: 1e-4)
    }
  }
}
