import CKernels

/// The gradients of ``Attention``: what some queries, keys and values contributed to y.
///
///     A = softmax(s · (Q Kᵀ + B)),   ∂V = Aᵀ ∂Y,   ∂A = ∂Y Vᵀ,   ∂S = s · A ∘ (∂A − (A ∘ ∂A) 1 1ᵀ),
///     ∂Q = ∂S K,   ∂K = ∂Sᵀ Q,   ∂B = ∂S
///
/// The shares A are made again a block of queries at a time, so that nothing of the size queries × keys is ever kept.
struct AttentionGradient {
  let attention: Attention

  /// Queries in a block.
  private static let block = 112

  private var kernels: Kernels { attention.kernels }
  private var depth: Int { attention.depth }
  private var width: Int { attention.width }
  private var keys: Int { attention.keys }
  private var paddedKeys: Int { kernels.padded(keys) }
  private var room: Int { min(Self.block, attention.queries) + kernels.rows }

  /// Floats of scratch memory for one thread, a multiple of 16.
  var scratchCount: Int {
    roundedToCacheLine(
      (depth + width) * paddedKeys + keys * kernels.padded(depth)
        + room * (Kernels.row + 2 * paddedKeys + kernels.padded(width) + kernels.padded(depth)))
  }

  /// Writes ∂Q and ∂K, or adds them to what is there, writes ∂V, and adds ∂B to what is there.
  ///
  /// `bias` and `dBias`, where there is a bias, have a row for each query, ``Attention/paddedKeys`` apart.
  func apply(
    query: PixelVectors<UnsafePointer<Float>>, key: PixelVectors<UnsafePointer<Float>>,
    value: PixelVectors<UnsafePointer<Float>>, bias: UnsafePointer<Float>? = nil,
    dy: PixelVectors<UnsafePointer<Float>>,
    dQuery: PixelVectors<UnsafeMutablePointer<Float>>,
    dKey: PixelVectors<UnsafeMutablePointer<Float>>,
    dValue: PixelVectors<UnsafeMutablePointer<Float>>,
    dBias: UnsafeMutablePointer<Float>? = nil, accumulates: Bool,
    scratch: UnsafeMutablePointer<Float>
  ) {
    var free = scratch
    func take(_ count: Int) -> UnsafeMutablePointer<Float> {
      defer { free += count }
      return free
    }
    let keysAcross = take(depth * paddedKeys)
    let valuesAcross = take(width * paddedKeys)
    let keysDown = take(keys * kernels.padded(depth))
    let shares = PixelVectors(base: take(room * paddedKeys), stride: paddedKeys)
    let scores = PixelVectors(base: take(room * paddedKeys), stride: paddedKeys)
    let packedGradients = take(room * kernels.padded(width))
    let packedQueries = take(room * kernels.padded(depth))
    let rows = take(room * Kernels.row)
    kernels.packTransposed(key, depth: depth, columns: keys, into: keysAcross)
    kernels.packTransposed(value, depth: width, columns: keys, into: valuesAcross)
    kernels.pack(key, depth: keys, columns: depth, into: keysDown)

    for block in EvenBlocks(attention.queries, of: kernels.rows, upTo: Self.block) {
      let (first, count) = (block.lowerBound, block.count)
      let (someQueries, someGradients) = (query.from(first), dy.from(first))
      kernels.multiply(
        someQueries, count, depth: depth, keysAcross, columns: keys, rows: rows,
        adding: bias.map { $0 + first * paddedKeys }, into: shares, isPadded: true)
      kernels.multiply(
        someGradients, count, depth: width, valuesAcross, columns: keys, rows: rows, into: scores,
        isPadded: true)
      for p in 0..<count {
        let row = shares.from(p).base
        let sum = kernels.leaves.exponentials(row, keys, attention.scale)
        kernels.leaves.scale(row, keys, 1 / sum, row)
        kernels.leaves.softmax_gradient(row, keys, attention.scale, scores.from(p).base)
        if let dBias {
          kernels.leaves.add_scaled(
            scores.from(p).base, keys, 1, dBias + (first + p) * paddedKeys)
        }
      }
      kernels.multiply(
        scores.reading, count, depth: keys, keysDown, columns: depth, rows: rows,
        into: dQuery.from(first), accumulates: accumulates)
      kernels.leaves.pack(someGradients.base, someGradients.stride, count, width, packedGradients)
      kernels.multiplyTransposed(
        shares.reading, keys, depth: count, packedGradients, columns: width, into: dValue,
        accumulates: first > 0)
      kernels.leaves.pack(someQueries.base, someQueries.stride, count, depth, packedQueries)
      kernels.multiplyTransposed(
        scores.reading, keys, depth: count, packedQueries, columns: depth, into: dKey,
        accumulates: accumulates || first > 0)
    }
  }
}
