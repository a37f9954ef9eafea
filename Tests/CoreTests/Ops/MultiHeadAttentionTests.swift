import TestSupport
import Testing

@testable import Core

@Suite("Attention with heads")
struct MultiHeadAttentionTests {
  /// Numbers of queries and keys, heads and their depth.
  struct Problem: CustomTestStringConvertible, Sendable {
    var n = 1
    let queries, keys: (h: Int, w: Int)
    let heads, depth: Int
    var testDescription: String { "\(queries) to \(keys), \(heads)×\(depth)" }
    func tensor(_ grid: (h: Int, w: Int), _ name: String) -> Tensor {
      .random(Shape(n: n, h: grid.h, w: grid.w, c: heads * depth), name)
    }
    var operands: [Tensor] {
      [tensor(queries, "query"), tensor(keys, "key"), tensor(keys, "value")]
    }
  }

  static let problems: [Problem] = [
    Problem(queries: (1, 1), keys: (1, 1), heads: 1, depth: 1),
    Problem(n: 2, queries: (1, 15), keys: (4, 4), heads: 3, depth: 5),
    Problem(n: 2, queries: (1, 7), keys: (13, 3), heads: 2, depth: 16),
    Problem(queries: (5, 29), keys: (1, 17), heads: 1, depth: 33),
    Problem(queries: (23, 41), keys: (3, 11), heads: 2, depth: 3),
    Problem(queries: (2, 3), keys: (9, 31), heads: 2, depth: 64),
  ]

  @Test("agrees with the naive loops", arguments: InstructionSet.supported, problems)
  func reference(_ set: InstructionSet, _ problem: Problem) {
    let operands = problem.operands
    let expected = multiHeadAttentionReference(
      heads: problem.heads, query: operands[0], key: operands[1], value: operands[2])
    var attention = MultiHeadAttention(heads: problem.heads)
    attention.kernels = Kernels(set)
    let y = attention(operands[0], operands[1], operands[2], threads: Threads(2))
    #expect(disagreement(y, expected) < operationTolerance)
    #expect(attention(operands[0], operands[1], operands[2], threads: Threads(1)) == y)
  }

  /// Projections that lie together are those that lie apart, and one query more than a task has does no harm.
  @Test(arguments: [1, 17, 449]) func packedProjections(tokens: Int) {
    let (heads, c) = (2, 10)
    let packed = Tensor.random(Shape(n: 2, h: 1, w: tokens, c: 3 * c), "x")
    let parts = (0..<3).map { ChannelRange(($0 * c)..<(($0 + 1) * c))(packed) }
    let attention = MultiHeadAttention(heads: heads)
    #expect(attention(packed, threads: Threads(3)) == attention(parts[0], parts[1], parts[2]))
  }

  @Test func countsProducts() {
    let attention = MultiHeadAttention(heads: 12)
    let x = Shape(h: 1, w: 577, c: 3 * 768)
    #expect(attention.multiplyAdds(for: [x]) == 2 * 577 * 577 * 768)
    let (query, keys) = (Shape(h: 1, w: 150, c: 384), Shape(h: 32, w: 32, c: 384))
    #expect(attention.multiplyAdds(for: [query, keys, keys]) == 2 * 150 * 1024 * 384)
  }

  @Test func channelsThatHeadsCannotShareTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = MultiHeadAttention(heads: 5).outputShape(for: [Shape(h: 7, w: 7, c: 3 * 96)])
    }
  }
}

@Suite("Tokens")
struct TokenTests {
  /// A sequence is its parts one behind the other, picture by picture, and is cut into them again.
  @Test func sequence() {
    let first = Tensor.random(Shape(n: 2, h: 1, w: 1, c: 3), "first")
    let grid = Tensor.random(Shape(n: 2, h: 2, w: 5, c: 3), "grid")
    let sequence = TokenSequence()(first, grid, threads: Threads(2))
    #expect(sequence.shape == Shape(n: 2, h: 1, w: 11, c: 3))
    #expect(Array(sequence.values[33..<36]) == Array(first.values[3..<6]))
    #expect(TokenSlice(from: 0, height: 1, width: 1)(sequence) == first)
    #expect(TokenSlice(from: 1, height: 2, width: 5)(sequence) == grid)
  }

  /// Rows of a table are resized as any map is, and the same for all pictures.
  @Test(arguments: [(2, 3), (4, 7), (1, 1)])
  func learnedTokens(_ size: (h: Int, w: Int)) {
    let table = Tensor.random(Shape(h: 1, w: 1, c: 7 * 5), "table")
    let grid = Tensor(Shape(h: 2, w: 3, c: 5), Array(table.values[5...]))
    let shape = Shape(n: 3, h: size.h, w: size.w, c: 5)
    let tokens = LearnedTokens(from: 1, grid: (2, 3), to: shape)
    let y = tokens(table)
    let expected = Resize(height: size.h, width: size.w, rule: .centred)(grid)
    for n in 0..<3 {
      let count = expected.values.count
      #expect(Array(y.values[(n * count)..<((n + 1) * count)]) == expected.values)
    }
    let fixed = LearnedTokens(from: 1, grid: (2, 3), to: shape, table: table.values)
    #expect(fixed() == y)
  }

  /// Pictures, the grid of keys, tokens, depth.
  static let similarities = [
    (1, 1, 1, 1, 1), (2, 3, 5, 7, 17), (1, 13, 11, 33, 16), (2, 2, 9, 15, 300),
  ]

  @Test(
    "similarities agree with the naive loops", arguments: InstructionSet.supported, similarities)
  func similarity(_ set: InstructionSet, _ size: (n: Int, h: Int, w: Int, k: Int, d: Int)) {
    let keys = Tensor.random(Shape(n: size.n, h: size.h, w: size.w, c: size.d), "keys")
    let queries = Tensor.random(Shape(n: size.n, h: 1, w: size.k, c: size.d), "queries")
    let r = Tensor.random(keys.shape.channels(size.k), "r")
    var similarity = TokenSimilarity(scale: 0.3)
    similarity.kernels = Kernels(set)
    let alone = tokenSimilarityReference(scale: 0.3, keys: keys, queries: queries, adding: nil)
    #expect(disagreement(similarity(keys, queries, threads: Threads(2)), alone) < 1e-5)
    let summed = tokenSimilarityReference(scale: 0.3, keys: keys, queries: queries, adding: r)
    #expect(disagreement(similarity(keys, queries, r, threads: Threads(3)), summed) < 1e-5)
  }

  @Test("classes of masks agree with the naive loops", arguments: InstructionSet.supported)
  func maskClassification(_ set: InstructionSet) {
    for (n, h, w, queries, classes, height, width) in [
      (1, 1, 1, 1, 1, 1, 1), (2, 2, 3, 5, 7, 5, 12), (1, 3, 2, 17, 16, 12, 7),
      (1, 5, 1, 15, 33, 20, 4),
    ] {
      var masks = Tensor.random(Shape(n: n, h: h, w: w, c: queries), "masks")
      masks.values = masks.values.map { 8 * $0 }
      let z = Tensor.random(Shape(n: n, h: 1, w: queries, c: classes + 1), "z")
      var operation = MaskClassification(height: height, width: width, stride: 4)
      operation.kernels = Kernels(set)
      let expected = maskClassificationReference(operation, masks: masks, classes: z)
      #expect(disagreement(operation(masks, z, threads: Threads(2)), expected) < operationTolerance)
    }
  }
}
