/// Multi-head attention along columns and then along rows, with its input added.
///
///     t = A_column · value(x),   y = x + A_row · t,
///     A[a, b] = softmax_b(⟨query(x)_a, key(x)_b⟩ / √(d / heads))
///
/// A_column relates the pixels of one column, A_row those of one row; both are made from the same queries and keys.
/// Head k owns channels [k·c/heads, (k+1)·c/heads) of values, and those of queries and keys, which have d channels, likewise.
/// Input: x `[n, h, w, c]`.
/// HFGD §3.1 names the layer; its form is iSeg's `multihead_axial_attention.py` (no projection after it), the residual
/// our choice. `axialAttentionReference` is the specification.
///
/// The work is done in strips of columns and then of rows, so that of whole maps only x, which becomes y, and t exist.
/// Queries and keys wait for the row pass where that costs little memory, and are made a second time elsewhere.
public struct AxialAttention: Operation {
  /// How many groups of channels attend by themselves.
  public let heads: Int
  /// The 1×1 convolutions that make queries, keys and values of x.
  public let query, key, value: Convolution
  /// The most values of queries that are kept, with as many of keys, from one pass to the other.
  let keptCount: Int
  /// Whether y has x in it.
  var addsInput = true
  var kernels = Kernels.current

  /// Axial attention with `heads` heads and its projections: of queries and keys c → d, of values c → c.
  public init(heads: Int, query: Convolution, key: Convolution, value: Convolution) {
    self.init(heads: heads, query: query, key: key, value: value, keptCount: 1 << 26)
  }

  /// With another `keptCount` than 2²⁶, 256 MiB.
  init(heads: Int, query: Convolution, key: Convolution, value: Convolution, keptCount: Int) {
    precondition(heads > 0, "axial attention needs at least one head, not \(heads)")
    self.heads = heads
    self.query = query
    self.key = key
    self.value = value
    self.keptCount = keptCount
  }

  /// For example "axial attention, 4 heads".
  public var summary: String { "axial attention, \(heads) heads" }

  /// The shape of x.
  public func outputShape(for inputs: [Shape]) -> Shape {
    let shape = inputs[0]
    let queries = shape.channels(queryWidth)
    for (projection, expected) in [(query, queries), (key, queries), (value, shape)] {
      precondition(
        projection.outputShape(for: [shape]) == expected,
        "axial attention of \(shape) takes no projection to \(projection.outputShape(for: [shape]))"
      )
    }
    for channels in [shape.c, queryWidth] {
      precondition(channels % heads == 0, "\(channels) channels cannot be shared by \(heads) heads")
    }
    return shape
  }

  /// d: channels of queries and keys.
  var queryWidth: Int { query.geometry.outputs }

  /// Three projections, and scores and weighted sums of both passes: pixels · ((c + 2·d)·c + (h + w)·(c + d)).
  public func multiplyAdds(for inputs: [Shape]) -> Int {
    [query, key, value].reduce(0) { $0 + $1.multiplyAdds(for: inputs) }
      + inputs[0].pixels * (inputs[0].h + inputs[0].w) * (inputs[0].c + queryWidth)
  }

  /// The result of the column pass, kept queries and keys, and the strips of each thread.
  public func scratchCount(for inputs: [Shape], threads: Threads) -> Int {
    let shape = inputs[0]
    return mapsCount(shape) + threads.count * stripScratchCount(shape)
  }

  /// The sum is formed in the memory of x.
  public var overwritableInput: Int? { 0 }

  /// Computes the output; see ``Operation/run(_:into:scratch:threads:)``.
  public func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let shape = inputs[0].shape
    let t = scratch
    let kept =
      isKept(shape)
      ? Kept(query: t + shape.count, key: t + shape.count + shape.channels(queryWidth).count) : nil
    func strip(_ worker: Int) -> Strip {
      Strip(
        base: scratch + mapsCount(shape) + worker * stripScratchCount(shape),
        count: stripCount(shape), queryCount: stripCount(shape.channels(queryWidth)))
    }
    let width = columnsPerStrip(shape)
    let strips = (shape.w + width - 1) / width
    threads.forEach(shape.n * strips) { task, worker in
      let (n, index) = task.quotientAndRemainder(dividingBy: strips)
      let columns = (index * width)..<min(shape.w, (index + 1) * width)
      attendColumns(columns, of: inputs[0], image: n, strip(worker), kept, into: t)
    }
    threads.forEach(shape.n * shape.h, by: rowsPerStrip(shape)) { rows, worker in
      attendRows(rows, of: inputs[0], strip(worker), kept, t, into: output.base)
    }
  }
}
