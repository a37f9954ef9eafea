import TestSupport
import Testing

@testable import Core

@Suite("Layer norm and layer scale")
struct LayerNormTests {
  /// Channels around vectors and pairs of them, and those of the models; a mean that differences could cancel at.
  @Test(arguments: InstructionSet.supported, KernelsTests.counts + [47, 64, 65, 96, 768])
  func layerNorm(_ set: InstructionSet, channels: Int) {
    let shape = Shape(n: 2, h: 5, w: 7, c: channels)
    var x = Tensor.random(shape, "x")
    x.values = x.values.map { $0 + 10 }
    let weight = RandomWeights.uniform("weight", seed: 1, count: channels)
    let bias = RandomWeights.uniform("bias", seed: 1, count: channels)
    var (fixed, given) = (
      LayerNorm(epsilon: 1e-3, weight: weight, bias: bias), LayerNorm(epsilon: 1e-3)
    )
    (fixed.kernels, given.kernels) = (Kernels(set), Kernels(set))
    let y = fixed(x, threads: Threads(2))
    // The inputs themselves have 10⁻⁶ between neighbours.
    let expected = layerNormReference(x, weight: weight, bias: bias, epsilon: 1e-3)
    #expect(disagreement(y, expected) < 2e-5)
    let channel = Shape(h: 1, w: 1, c: channels)
    #expect(given(x, Tensor(channel, weight), Tensor(channel, bias)) == y)
  }

  /// Two values, 3 and 5: mean 4, deviation 1.
  @Test func handExample() {
    let norm = LayerNorm(epsilon: 0, weight: [1, 2], bias: [0, 10])
    #expect(norm(Tensor(Shape(h: 1, w: 1, c: 2), [3, 5])).values == [-1, 12])
  }

  @Test(arguments: InstructionSet.supported, KernelsTests.counts)
  func layerScale(_ set: InstructionSet, channels: Int) {
    let shape = Shape(n: 2, h: 3, w: 5, c: channels)
    let (x, residual) = (Tensor.random(shape, "x"), Tensor.random(shape, "r"))
    let gamma = Tensor.random(Shape(h: 1, w: 1, c: channels), "gamma")
    var scale = LayerScale()
    scale.kernels = Kernels(set)
    let products = x.values.enumerated().map { $1 * gamma.values[$0 % channels] }
    #expect(disagreement(scale(x, gamma).values, products) < operationTolerance)
    let sums = zip(products, residual.values).map { $0 + $1 }
    let y = scale(x, gamma, residual, threads: Threads(2))
    #expect(disagreement(y.values, sums) < operationTolerance)
  }

  @Test func otherChannelsTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = LayerNorm(epsilon: 1e-6, weight: [1, 1], bias: [0, 0])
        .outputShape(for: [Shape(h: 1, w: 1, c: 3)])
    }
  }
}
