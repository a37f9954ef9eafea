import Testing

@testable import Core

@Suite("Gradient norm")
struct GradientNormTests {
  private let gradients = RandomWeights.uniform("gradients", seed: 3, count: 100_003)

  @Test func isTheRootOfTheSumOfSquares() {
    let ranges = [5..<70_001, 70_001..<70_002, 80_000..<80_000, 90_000..<100_003]
    let expected = ranges.joined()
      .reduce(0.0) { $0 + Double(gradients[$1]) * Double(gradients[$1]) }.squareRoot()
    let norm = GradientNorm.norm(of: gradients, ranges, threads: Threads(1))
    #expect(abs(norm - expected) < 1e-9 * expected)
    #expect(norm == GradientNorm.norm(of: gradients, ranges, threads: Threads(4)))
  }

  @Test func clippingOnlyShortens() {
    #expect(GradientNorm.clippingFactor(norm: 10, maximum: 5) == 0.5)
    #expect(GradientNorm.clippingFactor(norm: 4, maximum: 5) == 1)
    #expect(GradientNorm.clippingFactor(norm: 0, maximum: 5) == 1)
  }

  @Test func theFirstNonFiniteValueIsFound() throws {
    var gradients = gradients
    let ranges = [0..<1000, 1000..<50_000, 50_000..<100_003]
    #expect(GradientNorm.firstNonFinite(in: gradients, ranges) == nil)
    gradients[99_999] = .nan
    gradients[60_000] = -.infinity
    let found = try #require(GradientNorm.firstNonFinite(in: gradients, ranges))
    #expect(found.index == 2)
    #expect(found.value == -.infinity)
  }
}
