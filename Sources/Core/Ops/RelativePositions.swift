/// The bias that a window's attention adds to its scores, looked up for all pairs of tokens.
///
///     bias[h, p, q] = factor · table[(Δrow + w − 1)·(2w − 1) + Δcolumn + w − 1, h],   Δ = p − q
///
/// The table has (2w − 1)² rows, one for each relative position, with a value for each head. Liu et al., arXiv:2103.14030,
/// equation 4; the order of the rows is that of the authors' code.
struct RelativePositions: Sendable {
  /// `[heads, w², padded w²]`: the rows are as far apart as the scores' rows.
  private let values: PackedFloats
  private let tokens, stride: Int

  /// The row of the table for token `query` looking at `key` in a window of `window` × `window`.
  static func index(query: Int, key: Int, window: Int) -> Int {
    let (i, j) = query.quotientAndRemainder(dividingBy: window)
    let (u, v) = key.quotientAndRemainder(dividingBy: window)
    return (i - u + window - 1) * (2 * window - 1) + j - v + window - 1
  }

  /// Rows of the table of a window.
  static func tableRows(window: Int) -> Int { (2 * window - 1) * (2 * window - 1) }

  /// Floats that the looked-up values take.
  static func count(window: Int, heads: Int, for kernels: Kernels) -> Int {
    heads * window * window * kernels.padded(window * window)
  }

  /// The values of a table `[(2w − 1)², heads]`, in `scratch` where that is given.
  init(
    _ table: UnsafePointer<Float>, window: Int, heads: Int, factor: Float, for kernels: Kernels,
    in scratch: UnsafeMutablePointer<Float>? = nil
  ) {
    let tokens = window * window
    let stride = kernels.padded(tokens)
    self.tokens = tokens
    self.stride = stride
    values = PackedFloats(
      count: Self.count(window: window, heads: heads, for: kernels), in: scratch
    ) { values in
      for query in 0..<tokens {
        for key in 0..<tokens {
          let row = table + Self.index(query: query, key: key, window: window) * heads
          for head in 0..<heads {
            values[(head * tokens + query) * stride + key] = factor * row[head]
          }
        }
        for head in 0..<heads {
          (values + (head * tokens + query) * stride + tokens)
            .update(repeating: 0, count: stride - tokens)
        }
      }
    }
  }

  /// The rows of a head.
  func rows(of head: Int) -> UnsafePointer<Float> { values.base + head * tokens * stride }
}
