import TestSupport
import Testing

@testable import Core

@Suite("Concatenation")
struct ConcatenationTests {
  /// Counts of channels below, at and above a vector, alone and side by side.
  @Test(arguments: [[1], [17], [3, 1], [16, 15, 17], [1, 37, 16, 5, 2]])
  func reference(_ counts: [Int]) {
    for (n, h, w) in [(1, 1, 1), (2, 5, 7), (1, 17, 31)] {
      let maps = counts.enumerated().map {
        Tensor.random(Shape(n: n, h: h, w: w, c: $1), "map \($0)")
      }
      var expected = Tensor(Shape(n: n, h: h, w: w, c: counts.reduce(0, +)))
      for image in 0..<n {
        for i in 0..<h {
          for j in 0..<w {
            let values = maps.flatMap { map in
              (0..<map.shape.c).map { map[image, i, j, $0] }
            }
            for (c, value) in values.enumerated() { expected[image, i, j, c] = value }
          }
        }
      }
      #expect(check(maps).value() == expected)
    }
  }

  @Test("gradient", arguments: [[1], [3, 1], [16, 15, 17]])
  func gradient(_ counts: [Int]) {
    check(counts.map { .random(Shape(n: 2, h: 3, w: 5, c: $0), "map of \($0)") })
      .expectAgreement(within: 1e-4)
  }

  private func check(_ maps: [Tensor]) -> GradientCheck {
    GradientCheck(variables: maps, isLinear: true) {
      $0[0].applying(Concatenation(), to: Array($0.dropFirst()), named: "y")
    }
  }
}
