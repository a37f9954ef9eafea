import TestSupport
import Testing

@testable import Core

/// The operations of ConvNeXt and Swin against differences of their values.
@Suite("Gradients of LayerNorm, GELU and windows")
struct TransformerGradientTests {
  @Test(arguments: InstructionSet.supported)
  func gelu(_ set: InstructionSet) {
    for channels in KernelsTests.counts {
      var x = Tensor.random(Shape(n: 2, h: 3, w: 5, c: channels), "x")
      x.values = x.values.map { 3 * $0 }
      GradientCheck(variables: [x], samples: GradientCheck.samples(set)) {
        $0[0].applying(GELU(Kernels(set)), named: "gelu")
      }.expectAgreement()
    }
  }

  @Test(arguments: InstructionSet.supported, KernelsTests.counts.dropFirst() + [65])
  func layerNorm(_ set: InstructionSet, channels: Int) {
    var norm = LayerNorm(epsilon: 1e-1)
    norm.kernels = Kernels(set)
    var x = Tensor.random(Shape(n: 2, h: 5, w: 7, c: channels), "x")
    x.values = x.values.map { 2 * $0 + 1 }
    let channel = Shape(h: 1, w: 1, c: channels)
    GradientCheck(
      variables: [x, .random(channel, "weight"), .random(channel, "bias")],
      samples: GradientCheck.samples(set)
    ) { $0[0].applying(norm, to: $0[1], $0[2], named: "norm") }
    .expectAgreement()
  }

  /// Many blocks of pixels.
  @Test func largeLayerNorm() {
    GradientCheck(
      variables: [
        .random(Shape(n: 3, h: 37, w: 31, c: 20), "x"), .random(Shape(h: 1, w: 1, c: 20), "w"),
        .random(Shape(h: 1, w: 1, c: 20), "b"),
      ]
    ) { $0[0].applying(LayerNorm(epsilon: 1e-3), to: $0[1], $0[2], named: "norm") }
    .expectAgreement(within: 1e-2)
  }

  @Test(arguments: InstructionSet.supported)
  func layerScale(_ set: InstructionSet) {
    var scale = LayerScale()
    scale.kernels = Kernels(set)
    for channels in KernelsTests.counts {
      let shape = Shape(n: 2, h: 3, w: 5, c: channels)
      GradientCheck(
        variables: [
          .random(shape, "x"), .random(Shape(h: 1, w: 1, c: channels), "gamma"),
          .random(shape, "r"),
        ], isLinear: true, samples: GradientCheck.samples(set)
      ) { $0[0].applying(scale, to: $0[1], $0[2], named: "scale") }
      .expectAgreement(within: 1e-4)
    }
  }

  @Test(arguments: [(1, 1), (2, 5), (7, 4), (13, 17)])
  func patchMerging(_ size: (h: Int, w: Int)) {
    GradientCheck(
      variables: [.random(Shape(n: 2, h: size.h, w: size.w, c: 5), "x")], isLinear: true
    ) { $0[0].applying(PatchMerging(), named: "patches") }
    .expectAgreement(within: 1e-4)
  }

  @Test(
    "attention in windows", arguments: InstructionSet.supported, WindowAttentionTests.problems)
  func windowAttention(_ set: InstructionSet, _ problem: WindowAttentionTests.Problem) {
    // The rules differ in which pixel a token is, which both halves ask one function for.
    for rule in set == .current ? WindowShift.allCases : [.torchvision] {
      var attention = WindowAttention(
        heads: problem.heads, window: problem.window, shift: problem.shift, rule)
      attention.kernels = Kernels(set)
      GradientCheck(
        variables: [.random(problem.shape, "x"), problem.table, problem.padding],
        samples: GradientCheck.samples(set)
      ) { $0[0].applying(attention, to: $0[1], $0[2], named: "attention") }
      .expectAgreement(Comment(rawValue: "\(rule)"))
    }
  }

  /// The gradient does not depend on how many threads work on it.
  @Test func threads() {
    let problem = WindowAttentionTests.problems[2]
    func gradients(_ threads: Int) -> [Tensor?] {
      GradientCheck(
        variables: [.random(problem.shape, "x"), problem.table, problem.padding],
        threads: Threads(threads)
      ) {
        $0[0].applying(
          WindowAttention(heads: problem.heads, window: problem.window, shift: problem.shift),
          to: $0[1], $0[2], named: "attention")
      }.gradients()
    }
    #expect(gradients(1) == gradients(4))
  }
}
