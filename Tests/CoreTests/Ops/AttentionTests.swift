import TestSupport
import Testing

@testable import Core

@Suite("Attention")
struct AttentionTests {
  @Test(
    "self-attention agrees with the naive loops", arguments: [(1, 1), (3, 5), (13, 11), (17, 1)])
  func selfAttention(_ size: (h: Int, w: Int)) {
    for (c, d) in [(5, 3), (8, 4), (9, 7), (16, 16), (33, 17), (31, 300)] {
      let shape = Shape(n: 2, h: size.h, w: size.w, c: c)
      let x = Tensor.random(shape, "x")
      let query = Tensor.random(shape.channels(d), "query")
      let key = Tensor.random(shape.channels(d), "key")
      let value = Tensor.random(shape, "value")
      var attention = SelfAttention(scale: 0.7)
      let expected = selfAttentionReference(attention, x, query: query, key: key, value: value)
      for set in InstructionSet.supported {
        attention.kernels = Kernels(set)
        let y = attention(x, query, key, value, threads: Threads(2))
        #expect(disagreement(y, expected) < operationTolerance, "\(set)")
      }
    }
  }

  /// Axial attention whose projections are random; queries and keys have the channels of the map unless told.
  private func axial(
    heads: Int, channels: Int, queryWidth: Int? = nil, keptCount: Int = .max,
    _ set: InstructionSet = .current
  ) -> AxialAttention {
    func projection(_ name: String, _ outputs: Int) -> Convolution {
      let scale = (3 / Double(channels)).squareRoot()
      return Convolution(
        ConvolutionGeometry(channels, outputs),
        weights: RandomWeights.uniform(name, seed: 1, count: outputs * channels) { $0 * scale },
        bias: RandomWeights.uniform(name + "b", seed: 1, count: outputs), kernels: Kernels(set),
        form: .products)
    }
    var attention = AxialAttention(
      heads: heads, query: projection("query", queryWidth ?? channels),
      key: projection("key", queryWidth ?? channels), value: projection("value", channels),
      keptCount: keptCount)
    attention.kernels = Kernels(set)
    return attention
  }

  /// With queries and keys kept and made twice; the number of threads does not change a bit.
  @Test(
    "axial attention agrees with the naive loops",
    arguments: [(1, 1), (1, 7), (7, 1), (5, 3), (16, 17), (9, 33), (2, 193), (205, 3), (97, 61)])
  func axialAttention(_ size: (h: Int, w: Int)) {
    for (heads, depth, queryDepth) in [(1, 5, 5), (4, 4, 4), (2, 17, 17), (2, 9, 3), (3, 2, 7)] {
      let shape = Shape(n: 2, h: size.h, w: size.w, c: heads * depth)
      let queryWidth = heads * queryDepth
      let x = Tensor.random(shape, "x")
      let expected = axialAttentionReference(
        axial(heads: heads, channels: shape.c, queryWidth: queryWidth), x)
      for set in InstructionSet.supported {
        for keptCount in [0, Int.max] {
          let attention = axial(
            heads: heads, channels: shape.c, queryWidth: queryWidth, keptCount: keptCount, set)
          let y = attention(x, threads: Threads(3))
          #expect(disagreement(y, expected) < operationTolerance, "\(set)")
          #expect(disagreement(y, attention(x, threads: Threads(1))) == 0, "\(set)")
        }
      }
    }
  }

  /// The sum formed in the memory of x is the one beside it, whether queries and keys are kept or made twice.
  @Test(arguments: [0, Int.max])
  func axialAttentionInPlace(keptCount: Int) throws {
    let attention = axial(heads: 2, channels: 8, keptCount: keptCount)
    let x = Tensor.random(Shape(h: 37, w: 29, c: 8), "x")
    let image = Trace().input(x.shape)
    let program = Program(
      computing: [image.applying(attention, named: "axial")], from: image, threads: Threads(2))
    #expect(
      program.arenaBytes < 4 * (x.shape.count + 64) + 4
        * attention.scratchCount(
          for: [x.shape], threads: Threads(2)))
    let y = try program.run(in: Arena()) {
      $0.base.update(from: x.values, count: x.shape.count)
    } read: {
      Tensor(copying: $0[0])
    }
    #expect(disagreement(y, attention(x)) == 0)
  }

  /// 129 × 129 × 256: the count of the table, 2 · 129² · 258 · 256, and three projections.
  @Test func countsProducts() {
    let shape = Shape(h: 129, w: 129, c: 256)
    #expect(
      axial(heads: 4, channels: 256).multiplyAdds(for: [shape])
        == 129 * 129 * (2 * 258 + 3 * 256) * 256)
    #expect(
      axial(heads: 4, channels: 256, queryWidth: 64).multiplyAdds(for: [shape])
        == 129 * 129 * (258 * (256 + 64) + (256 + 2 * 64) * 256))
  }

  /// A map whose queries and keys would be too large needs one map of scratch and a few strips.
  @Test func largeMapsAreNotKept() {
    let shape = Shape(h: 513, w: 1025, c: 256)
    let large = axial(heads: 4, channels: 256, keptCount: 1 << 26)
    let count = large.scratchCount(for: [shape], threads: Threads(2))
    #expect(shape.count < count && count < shape.count + shape.count / 16)
  }

  @Test func channelsThatHeadsCannotShareTrap() async {
    await #expect(processExitsWith: .failure) {
      let projection = Convolution(ConvolutionGeometry(6, 6), weights: [], bias: [])
      _ = AxialAttention(heads: 4, query: projection, key: projection, value: projection)
        .outputShape(for: [Shape(h: 2, w: 2, c: 6)])
    }
  }
}
