/// Attention of any tokens to any others with several heads: the layer that transformers are made of.
///
///     y_p = softmax_q(⟨query_p, key_q⟩ / √d) · value_q   for each head
///
/// Inputs: the projections `[n, h, w, 3·c]`, queries, keys and values one after the other; or queries `[n, h, w, c]` and keys and
/// values `[n, h', w', c]`. Heads lie side by side, d = c / heads channels a head. The result is `[n, h, w, c]`.
/// Vaswani et al., arXiv:1706.03762, §3.2.2. Scores are made for a block of queries at a time, so that memory grows with the
/// number of keys alone.
struct MultiHeadAttention: Operation {
  let heads: Int
  var kernels = Kernels.current

  init(heads: Int) { self.heads = heads }

  var summary: String { "attention, \(heads) heads" }

  func outputShape(for inputs: [Shape]) -> Shape {
    let query = inputs[0]
    if inputs.count == 1 {
      precondition(
        query.c % (3 * heads) == 0, "\(heads) heads cannot share the projections \(query)")
      return query.channels(query.c / 3)
    }
    let (key, value) = (inputs[1], inputs[2])
    precondition(
      query.c % heads == 0 && key == value && key.c == query.c && key.n == query.n,
      "\(heads) heads cannot share queries \(query), keys \(key), values \(value)")
    return query
  }

  /// Scores and weighted sums.
  func multiplyAdds(for inputs: [Shape]) -> Int {
    let y = outputShape(for: inputs)
    let keys = inputs.count == 1 ? y : inputs[1]
    return 2 * y.count * keys.h * keys.w
  }

  /// The attention of a head, whose numbers do not depend on the head.
  func attention(_ inputs: [Shape], queries: Int? = nil) -> Attention {
    let y = outputShape(for: inputs)
    let keys = inputs.count == 1 ? y : inputs[1]
    let depth = y.c / heads
    return Attention(
      queries: queries ?? y.h * y.w, keys: keys.h * keys.w, depth: depth, width: depth,
      scale: 1 / Float(depth).squareRoot(), kernels: kernels)
  }

  /// Where the queries, keys or values of a head lie.
  static func vectors(_ inputs: [TensorView], _ part: Int, image n: Int, channel: Int)
    -> PixelVectors<UnsafePointer<Float>>
  {
    let view = inputs.count == 1 ? inputs[0] : inputs[part]
    let (shape, c) = (view.shape, view.shape.c)
    let first = inputs.count == 1 ? part * c / 3 : 0
    return PixelVectors(base: view.base + n * shape.h * shape.w * c + first + channel, stride: c)
  }

  /// Queries of a task: keys and values are packed for each.
  private static let block = 448

  func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    threads.count * attention(inputs).scratchCount
  }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let shapes = inputs.map(\.shape)
    let (y, pixels) = (output.shape, output.shape.h * output.shape.w)
    let depth = y.c / heads
    let room = attention(shapes).scratchCount
    let blocks = EvenBlocks(pixels, of: kernels.rows, upTo: Self.block)
    threads.forEach(y.n * heads * blocks.count) { task, worker in
      let (place, block) = task.quotientAndRemainder(dividingBy: blocks.count)
      let (n, head) = place.quotientAndRemainder(dividingBy: heads)
      let queries = blocks[block]
      func part(_ part: Int) -> PixelVectors<UnsafePointer<Float>> {
        Self.vectors(inputs, part, image: n, channel: head * depth)
      }
      attention(shapes, queries: queries.count).apply(
        query: part(0).from(queries.lowerBound), key: part(1), value: part(2),
        into: PixelVectors(
          base: output.base + (n * pixels + queries.lowerBound) * y.c + head * depth, stride: y.c),
        accumulates: false, scratch: scratch + worker * room)
    }
  }
}
