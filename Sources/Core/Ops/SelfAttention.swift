/// Full self-attention over all pixels of an image, with its input added.
///
///     y_p = x_p + Σ_q softmax_q(s · ⟨query_p, key_q⟩) · value_q
///
/// Inputs: x `[n, h, w, c]`, query and key `[n, h, w, d]`, value `[n, h, w, c]`. The context augmentation encoder uses
/// a single head and s = 1 (HFGD §3.2; CAR `heads/nonlocals.py`). Scores are made for a block of queries at a time.
public struct SelfAttention: Operation {
  /// The factor on the scores before the softmax.
  public let scale: Float
  var kernels = Kernels.current

  /// Attention whose scores are multiplied by `scale`.
  public init(scale: Float = 1) { self.scale = scale }

  /// "self-attention".
  public var summary: String { "self-attention" }

  /// The shape of x.
  public func outputShape(for inputs: [Shape]) -> Shape {
    let (x, query, key, value) = (inputs[0], inputs[1], inputs[2], inputs[3])
    precondition(
      query == key && value == x && query == x.channels(query.c),
      "self-attention of x \(x) does not take query \(query), key \(key), value \(value)")
    return x
  }

  /// Scores and weighted sums: pixels² · (d + c).
  public func multiplyAdds(for inputs: [Shape]) -> Int {
    let pixels = inputs[0].h * inputs[0].w
    return inputs[0].n * pixels * pixels * (inputs[1].c + inputs[0].c)
  }

  private static let block = 112

  private func attention(_ inputs: [Shape]) -> Attention {
    let pixels = inputs[0].h * inputs[0].w
    return Attention(
      queries: min(Self.block, pixels), keys: pixels, depth: inputs[1].c, width: inputs[0].c,
      scale: scale, kernels: kernels)
  }

  /// One block of queries per thread.
  public func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    threads.count * attention(inputs).scratchCount
  }

  /// The sum is formed in the memory of x.
  public var overwritableInput: Int? { 0 }

  /// Computes the output; see ``Operation/run(_:into:scratch:threads:)``.
  public func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (x, query, key, value) = (inputs[0], inputs[1], inputs[2], inputs[3])
    let pixels = x.shape.h * x.shape.w
    let (c, d) = (x.shape.c, query.shape.c)
    let room = attention(inputs.map(\.shape)).scratchCount
    for n in 0..<x.shape.n {
      let start = n * pixels
      threads.forEach(pixels, by: Self.block) { queries, worker in
        let y = output.base + (start + queries.lowerBound) * c
        if x.base != UnsafePointer(output.base) {
          y.update(from: x.base + (start + queries.lowerBound) * c, count: queries.count * c)
        }
        Attention(
          queries: queries.count, keys: pixels, depth: d, width: c, scale: scale, kernels: kernels
        ).apply(
          query: PixelVectors(base: query.base + (start + queries.lowerBound) * d, stride: d),
          key: PixelVectors(base: key.base + start * d, stride: d),
          value: PixelVectors(base: value.base + start * c, stride: c),
          into: PixelVectors(base: y, stride: c), accumulates: true,
          scratch: scratch + worker * room)
      }
    }
  }
}
