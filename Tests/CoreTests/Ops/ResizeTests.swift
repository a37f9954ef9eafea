import TestSupport
import Testing

@testable import Core

@Suite("Resize")
struct ResizeTests {
  /// Corners stay, the middle is the mean of its neighbours.
  @Test func handExample() {
    let x = Tensor(Shape(h: 2, w: 2, c: 1), [0, 1, 2, 3])
    #expect(Resize(height: 3, width: 3)(x).values == [0, 0.5, 1, 1, 1.5, 2, 2, 2.5, 3])
  }

  /// With half-pixel centres doubling mixes quarters and the ends stay; the nearest pixel is the one below.
  @Test func handExamplesOfOtherRules() {
    let line = Tensor(Shape(h: 1, w: 3, c: 1), [0, 4, 8])
    #expect(Resize(height: 1, width: 6, rule: .centred)(line).values == [0, 1, 3, 5, 7, 8])
    #expect(Resize(height: 1, width: 5, rule: .nearest)(line).values == [0, 0, 4, 4, 8])
    #expect(Resize(height: 2, width: 2, rule: .nearest)(line).values == [0, 4, 0, 4])
  }

  static let sizes = [(1, 1), (1, 5), (5, 1), (3, 5), (4, 4), (17, 9), (33, 2)]

  @Test("agrees with the naive loops", arguments: sizes, KernelsTests.counts)
  func reference(_ size: (h: Int, w: Int), channels: Int) {
    let x = Tensor.random(Shape(n: 2, h: size.h, w: size.w, c: channels), "x")
    for rule in Resize.Rule.allCases {
      for (height, width) in [(1, 1), (2, 3), (5, 5), (13, 7), (size.h, size.w), (33, 17)] {
        let addend = Tensor.random(x.shape.resized(h: height, w: width), "addend")
        let expected = resizeReference(x, height: height, width: width, rule: rule)
        let sum = resizeReference(x, height: height, width: width, rule: rule, adding: addend)
        for set in InstructionSet.supported {
          var resize = Resize(height: height, width: width, rule: rule)
          resize.kernels = Kernels(set)
          let (y, z) = (resize(x, threads: Threads(2)), resize(x, addend, threads: Threads(2)))
          #expect(disagreement(y, expected) < operationTolerance, "\(set), \(rule)")
          #expect(disagreement(z, sum) < operationTolerance, "\(set), \(rule)")
        }
      }
    }
  }

  /// A grid of the same size is kept to the last bit by every rule.
  @Test(arguments: Resize.Rule.allCases) func sameSizeIsIdentity(_ rule: Resize.Rule) {
    let x = Tensor.random(Shape(h: 9, w: 11, c: 20), "x")
    #expect(Resize(height: 9, width: 11, rule: rule)(x) == x)
  }

  /// Where output samples fall on input samples the values are kept to the last bit.
  @Test(arguments: InstructionSet.supported)
  func sameGridIsIdentity(_ set: InstructionSet) {
    let x = Tensor.random(Shape(h: 9, w: 11, c: 20), "x")
    var (same, finer) = (Resize(height: 9, width: 11), Resize(height: 17, width: 21))
    (same.kernels, finer.kernels) = (Kernels(set), Kernels(set))
    #expect(same(x) == x)
    #expect(same(finer(x)) == x)
  }

  /// The activation is applied to the sum.
  @Test(arguments: [1, 16, 19])
  func activates(channels: Int) {
    let x = Tensor.random(Shape(n: 2, h: 5, w: 4, c: channels), "x")
    let addend = Tensor.random(x.shape.resized(h: 9, w: 8), "addend")
    func positive(_ y: Tensor) -> Tensor { Tensor(y.shape, y.values.map { max($0, 0) }) }
    let (plain, activated) = (
      Resize(height: 9, width: 8), Resize(height: 9, width: 8, activation: .relu)
    )
    #expect(activated(x) == positive(plain(x)))
    #expect(activated(x, addend) == positive(plain(x, addend)))
  }

  /// Projecting before the resizing gives what resizing before the projection does.
  @Test(arguments: [(1, 1), (5, 4), (17, 9)], Resize.Rule.allCases)
  func projectionBeforeResizing(_ size: (h: Int, w: Int), rule: Resize.Rule) {
    let geometry = ConvolutionGeometry(19, 35)
    func convolution(_ activation: Activation) -> Convolution {
      Convolution(
        geometry, weights: RandomWeights.uniform("w", seed: 1, count: 19 * 35) { $0 * 0.4 },
        bias: RandomWeights.uniform("b", seed: 1, count: 35), activation: activation)
    }
    let x = Tensor.random(Shape(n: 2, h: size.h, w: size.w, c: 19), "x")
    let exchanged = ResizedProjection(
      convolution(.identity),
      after: Resize(height: 33, width: 17, rule: rule, activation: .relu))
    let expected = convolutionReference(
      convolution(.relu), resizeReference(x, height: 33, width: 17, rule: rule))
    #expect(disagreement(exchanged(x, threads: Threads(2)), expected) < operationTolerance)
    #expect(
      exchanged.multiplyAdds(for: [x.shape])
        == convolution(.relu).multiplyAdds(for: [x.shape.resized(h: 33, w: 17)]))
  }

  @Test("sums agree with adding one by one", arguments: [1, 15, 16, 70_001])
  func sums(count: Int) {
    let maps = (0..<4).map { Tensor.random(Shape(h: 1, w: 1, c: count), "map\($0)") }
    let expected = (0..<count).map { i in
      maps.dropFirst().reduce(maps[0].values[i]) { $0 + $1.values[i] }
    }
    #expect(Sum()(maps[0], maps[1], maps[2], maps[3], threads: Threads(2)).values == expected)
  }
}
