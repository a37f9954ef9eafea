import TestSupport
import Testing

@testable import Core

@Suite("Attention")
struct AttentionTests {
  @Test(
    "self-attention agrees with the naive loops", arguments: [(1, 1), (3, 5), (13, 11), (17, 1)])
  func selfAttention(_ size: (h: Int, w: Int)) {
    for (c, d) in [(5, 3), (16, 16), (33, 17)] {
      let shape = Shape(n: 2, h: size.h, w: size.w, c: c)
      let x = Tensor.random(shape, "x")
      let query = Tensor.random(shape.channels(d), "query")
      let key = Tensor.random(shape.channels(d), "key")
      let value = Tensor.random(shape, "value")
      let attention = SelfAttention(scale: 0.7)
      let expected = selfAttentionReference(attention, x, query: query, key: key, value: value)
      let y = attention(x, query, key, value, threads: Threads(2))
      #expect(disagreement(y, expected) < operationTolerance)
    }
  }

  @Test(
    "axial attention agrees with the naive loops",
    arguments: [(1, 1), (1, 7), (7, 1), (5, 3), (16, 17), (9, 33)])
  func axialAttention(_ size: (h: Int, w: Int)) {
    for (heads, depth) in [(1, 5), (4, 4), (2, 17)] {
      let shape = Shape(n: 2, h: size.h, w: size.w, c: heads * depth)
      let (x, query) = (Tensor.random(shape, "x"), Tensor.random(shape, "query"))
      let (key, value) = (Tensor.random(shape, "key"), Tensor.random(shape, "value"))
      let attention = AxialAttention(heads: heads)
      let expected = axialAttentionReference(attention, x, query: query, key: key, value: value)
      let y = attention(x, query, key, value, threads: Threads(3))
      #expect(disagreement(y, expected) < operationTolerance)
      #expect(y == attention(x, query, key, value, threads: Threads(1)))
    }
  }

  /// 129 × 129 × 256: the count of the table, 2 · 129² · 258 · 256.
  @Test func countsProducts() {
    let shape = Shape(h: 129, w: 129, c: 256)
    #expect(
      AxialAttention(heads: 4).multiplyAdds(for: [shape, shape, shape, shape])
        == 2 * 129 * 129 * 258 * 256)
  }

  @Test func unequalShapesTrap() async {
    await #expect(processExitsWith: .failure) {
      let shape = Shape(h: 2, w: 2, c: 6)
      _ = AxialAttention(heads: 4).outputShape(for: [shape, shape, shape, shape])
    }
  }
}
