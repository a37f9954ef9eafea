import TestSupport
import Testing

@testable import Core

/// The operations of plain transformers against differences of their values.
@Suite("Gradients of attention and tokens")
struct TokenGradientTests {
  @Test(
    "attention with heads", arguments: InstructionSet.supported,
    MultiHeadAttentionTests.problems.filter { $0.queries.h * $0.queries.w < 200 })
  func attention(_ set: InstructionSet, _ problem: MultiHeadAttentionTests.Problem) {
    var attention = MultiHeadAttention(heads: problem.heads)
    attention.kernels = Kernels(set)
    GradientCheck(variables: problem.operands, samples: GradientCheck.samples(set)) {
      $0[0].applying(attention, to: $0[1], $0[2], named: "attention")
    }.expectAgreement()
    GradientCheck(
      variables: [.random(Shape(n: 2, h: 3, w: 5, c: 3 * problem.heads * problem.depth), "x")],
      samples: GradientCheck.samples(set)
    ) { $0[0].applying(attention, named: "attention") }
    .expectAgreement()
  }

  /// The gradient does not depend on how many threads work on it.
  @Test func threads() {
    func gradients(_ threads: Int) -> [Tensor?] {
      GradientCheck(
        variables: MultiHeadAttentionTests.problems[2].operands, threads: Threads(threads)
      ) {
        $0[0].applying(MultiHeadAttention(heads: 2), to: $0[1], $0[2], named: "attention")
      }.gradients()
    }
    #expect(gradients(1) == gradients(4))
  }

  @Test func sequences() {
    GradientCheck(
      variables: [
        .random(Shape(n: 2, h: 1, w: 1, c: 5), "class"),
        .random(Shape(n: 2, h: 3, w: 4, c: 5), "x"),
      ], isLinear: true
    ) {
      $0[0].applying(TokenSequence(), to: $0[1], named: "sequence")
        .applying(TokenSlice(from: 1, height: 2, width: 3), named: "slice")
    }.expectAgreement(within: 1e-4)
    GradientCheck(variables: [.random(Shape(n: 2, h: 3, w: 4, c: 9), "x")], isLinear: true) {
      $0[0].applying(ChannelRange(2..<7), named: "channels")
    }.expectAgreement(within: 1e-4)
  }

  @Test(arguments: [(2, 3), (5, 4), (1, 2)])
  func learnedTokens(_ size: (h: Int, w: Int)) {
    let shape = Shape(n: 2, h: size.h, w: size.w, c: 5)
    GradientCheck(variables: [.random(Shape(h: 1, w: 1, c: 8 * 5), "table")], isLinear: true) {
      $0[0].applying(LearnedTokens(from: 1, grid: (2, 3), to: shape), named: "tokens")
    }.expectAgreement(within: 1e-4)
  }

  @Test("similarities", arguments: InstructionSet.supported, TokenTests.similarities)
  func similarity(_ set: InstructionSet, _ size: (n: Int, h: Int, w: Int, k: Int, d: Int)) {
    var similarity = TokenSimilarity(scale: 0.3)
    similarity.kernels = Kernels(set)
    let keys = Shape(n: size.n, h: size.h, w: size.w, c: size.d)
    GradientCheck(
      variables: [
        .random(keys, "keys"), .random(Shape(n: size.n, h: 1, w: size.k, c: size.d), "queries"),
        .random(keys.channels(size.k), "r"),
      ], isLinear: true, samples: GradientCheck.samples(set)
    ) { $0[0].applying(similarity, to: $0[1], $0[2], named: "similarity") }
    .expectAgreement(within: 1e-4)
  }

  @Test func relu() {
    GradientCheck(variables: [.random(Shape(n: 2, h: 3, w: 5, c: 7), "x")], step: 1e-3) {
      $0[0].applying(ReLU(), named: "relu")
    }.expectAgreement()
  }
}
